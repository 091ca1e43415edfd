"""What is told of a file that cannot be read, or holds no list: Chinese and English."""

from domain.errors import Code

FILE_SENTENCES: dict[Code, tuple[str, str]] = {
    Code.NOT_A_WORKBOOK: (
        "文件“{file}”不是 Excel 工作簿或表格文本，请上传 xls、xlsx 或 csv 文件。",
        "“{file}” is neither an Excel workbook nor a table of text; upload an xls, xlsx or csv"
        " file.",
    ),
    Code.FILE_ENCRYPTED: (
        "文件“{file}”已加密，请去掉密码后重新上传。",
        "“{file}” is protected by a password; remove it and upload again.",
    ),
    Code.FILE_DAMAGED: (
        "文件“{file}”已损坏，无法读取，请用 Excel 打开并另存后重新上传。",
        "“{file}” is damaged and cannot be read; open it in Excel, save it anew and upload again.",
    ),
    Code.FILE_TOO_LARGE: (
        "文件过大：{name}最多 {limit}。请删去数据以外的内容（例如误填在远处的单元格），"
        "或拆分后上传。",
        "The file is too large: {name} may be at most {limit}; remove what is no data, such as a"
        " stray cell far away, or split the file.",
    ),
    Code.FILE_HOSTILE: (
        "文件“{file}”的内部结构异常（{reason}），为安全起见不予读取。",
        "The inside of “{file}” is abnormal ({reason}); it is not read, for safety.",
    ),
    Code.HEADER_MISSING: (
        "没有找到表头，请保留包含{columns}的一行。",
        "No header row was found; keep a row with {columns}.",
    ),
    Code.HEADER_DUPLICATE: (
        "表头“{header}”出现在 {columns} 列，请只保留一列。",
        "The header “{header}” stands in the columns {columns}; keep one of them.",
    ),
    Code.KEY_COLUMN_MISSING: (
        "缺少用于匹配学生的列（{columns}），请补上。",
        "There is no column to match students by ({columns}); add one.",
    ),
    Code.RESULT_COLUMN_MISSING: (
        "缺少“办理结果”列，请补上。",
        "There is no column 办理结果; add it.",
    ),
    Code.SEVERAL_CHECKPOINTS: (
        "表中有“{column}”一列，各行可能属于不同的环节，而一次导入只针对一个环节。"
        "请按环节分别导出，或删去其他环节的行和这一列后重新上传。",
        "There is a column {column}, so the rows may be of several checkpoints, but an import is of"
        " one; export each alone, or remove the other rows and this column and upload again.",
    ),
    Code.COLUMN_MISSING: (
        "缺少列：{columns}，请补上。",
        "These columns are missing: {columns}; add them.",
    ),
    Code.SHEET_AMBIGUOUS: (
        "工作簿中有多个可导入的工作表（{sheets}），请只保留一个，或在导入时指定工作表。",
        "More than one sheet could be imported ({sheets}); keep one, or name the one to import.",
    ),
    Code.SHEET_UNKNOWN: (
        "文件中没有名为“{value}”的工作表，现有：{sheets}。请核对名称。",
        "The file has no sheet “{value}”, only {sheets}; check the name.",
    ),
    Code.COLUMN_MISSING: (
        "缺少列：{columns}，请补上。",
        "These columns are missing: {columns}; add them.",
    ),
    Code.NO_ROWS: (
        "表头下面没有数据行，请填写后重新上传。",
        "There are no rows below the header; fill some in and upload again.",
    ),
}
