"""What is said where the system libraries that set a PDF are missing."""

from typing import Final

NO_PANGO: Final = {
    "zh": "这台电脑没有排版用的 Pango 库，所以写成了 HTML，内容相同。要 PDF，请用 Edge 或 Chrome\n"
    "打开它，按 Ctrl+P，打印机选“另存为 PDF”，在“更多设置”里去掉“页眉和页脚”，然后保存。",
    "en": "The Pango library is missing on this machine, so HTML with the same content was "
    "written.\nFor a PDF, open it in Edge or Chrome, press Ctrl+P and choose “Save as PDF” as "
    "printer;\nunder “More settings” switch off “Headers and footers”, then save.",
}
