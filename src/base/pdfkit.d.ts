// Shape of pdfkit as used here. May not: hold code.
declare module 'pdfkit' {
  const PDFDocument: new (options?: Record<string, unknown>) => NodeJS.ReadableStream & Record<string, (...args: unknown[]) => unknown>
  export default PDFDocument
}
