const MB = 1024 * 1024

/**
 * What a workbook may be. A sheet passes through in pieces, so its bytes cost time and no memory; what is kept (texts,
 * formats, names) is bounded by memory. Rows and columns are those of every spreadsheet program (ECMA-376 Part 1,
 * 18.3.1.73 and 18.3.1.4).
 */
export const XLSX_LIMITS = {
  maxParts: 1000,
  maxSheetBytes: 4096 * MB,
  maxStringsBytes: 2048 * MB,
  /** Workbook, relationships and styles, which are read whole. */
  maxSmallPartBytes: 32 * MB,
  /** Inflated to packed bytes of one part, asked only once the part has grown past `ratioFrom`. */
  maxRatio: 200,
  ratioFrom: 4 * MB,
  maxRows: 1_048_576,
  maxColumns: 16_384,
  /** Bytes of one text. Programs cut at 32,767 characters; what is far over that is no cell but an attack or a mistake. */
  maxTextBytes: MB,
  /** Bytes of XML that must be seen at once: a cell with all that is in it, a comment, a tag. */
  maxTokenBytes: 8 * MB,
  /** Bytes of all shared texts together, as they are kept. */
  maxStringsKept: 512 * MB,
} as const

export type XlsxLimits = { readonly [Name in keyof typeof XLSX_LIMITS]: number }
