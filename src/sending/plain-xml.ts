// Text that XML 1.0 can hold. May not: escape; that is for whoever writes the XML.

/** Without control characters and lone surrogates, which no XML file may hold. */
export const plainXml = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ' ')
