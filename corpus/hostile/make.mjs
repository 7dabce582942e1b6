// Makes the hostile files beside it: `node corpus/hostile/make.mjs`. Each is the smallest of its kind; none holds a person. May not: write elsewhere.
import { writeFileSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32, deflateRawSync, deflateSync } from 'node:zlib'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'files')
for (const name of readdirSync(folder)) rmSync(join(folder, name))
const put = (name, bytes) => writeFileSync(join(folder, name), bytes)
const latin = (text) => Buffer.from(text, 'latin1')

// --- PDF ------------------------------------------------------------------------------------------------------------

/** Objects by number from 1; the first is the catalog. A stream is `[dictionary, bytes]`. */
function pdf(objects, trailer = '') {
  const parts = [latin('%PDF-1.7\n')]
  const starts = []
  let length = parts[0].length
  const add = (bytes) => { parts.push(bytes); length += bytes.length }
  objects.forEach((object, index) => {
    starts.push(length)
    if (Array.isArray(object)) {
      add(latin(`${index + 1} 0 obj\n<<${object[0]}/Length ${object[1].length}>>\nstream\n`))
      add(object[1])
      add(latin('\nendstream\nendobj\n'))
    } else add(latin(`${index + 1} 0 obj\n${object}\nendobj\n`))
  })
  const table = length
  add(latin(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${table}\n%%EOF\n`))
  return Buffer.concat(parts)
}
const CATALOG = '<</Type/Catalog/Pages 2 0 R>>'
const PAGES = '<</Type/Pages/Kids[3 0 R]/Count 1>>'
const FONT = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'
const PAGE = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>'
const WORDS = latin('BT /F 12 Tf 72 700 Td (The patient tolerated treatment well today.) Tj ET')
const simple = [CATALOG, PAGES, PAGE, ['', WORDS], FONT]
const zeros = (bytes) => deflateSync(Buffer.alloc(bytes, 0x20), { level: 9 })

put('plain.pdf', pdf(simple))
put('truncated.pdf', pdf(simple).subarray(0, 300))
put('zero-bytes.pdf', Buffer.alloc(0))
put('all-nul.pdf', Buffer.alloc(64))
put('header-only.pdf', latin('%PDF-1.7\n'))
put('cyclic-pages.pdf', pdf([CATALOG, '<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2/Parent 2 0 R>>', PAGE, ['', WORDS], FONT]))
put('million-pages.pdf', pdf([CATALOG, '<</Type/Pages/Kids[3 0 R]/Count 1000000>>', PAGE, ['', WORDS], FONT]))
put('negative-pages.pdf', pdf([CATALOG, '<</Type/Pages/Kids[3 0 R]/Count -7>>', PAGE, ['', WORDS], FONT]))
put('flate-bomb.pdf', pdf([CATALOG, PAGES, PAGE, ['/Filter[/FlateDecode/FlateDecode]', deflateSync(zeros(1 << 30), { level: 9 })], FONT]))
put('text-bomb.pdf', pdf([CATALOG, PAGES, PAGE, ['/Filter[/FlateDecode/FlateDecode]', deflateSync(deflateSync(Buffer.alloc(320 << 20, 'BT /F 9 Tf (x) Tj ET '), { level: 9 }), { level: 9 })], FONT]))
{
  // Each form draws the next ten times.
  const depth = 9
  const forms = Array.from({ length: depth }, (_, index) => [`/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X ${index + 6} 0 R>>>>`, latin('/X Do '.repeat(10))])
  forms[depth - 1] = ['/Type/XObject/Subtype/Form/BBox[0 0 9 9]', latin('0 0 1 1 re f')]
  put('form-laughs.pdf', pdf([CATALOG, PAGES, PAGE.replace('/Font<</F 5 0 R>>', '/XObject<</X 5 0 R>>'), ['', latin('/X Do')], ...forms]))
}
put('form-draws-itself.pdf', pdf([CATALOG, PAGES, PAGE.replace('/Font<</F 5 0 R>>', '/XObject<</X 5 0 R>>'), ['', latin('/X Do')], ['/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>', latin('/X Do')]]))
put('javascript.pdf', pdf([CATALOG.replace('>>', '/OpenAction<</S/JavaScript/JS(while\\(true\\){app.alert\\(1\\)})>>/AA<</WC<</S/Launch/F(calc.exe)>>>>>>'), ...simple.slice(1)]))
put('huge-page.pdf', pdf([CATALOG, PAGES, PAGE.replace('0 0 612 792', '0 0 2000000 2000000').replace('/Font<</F 5 0 R>>', '/XObject<</X 5 0 R>>'), ['', latin('2000000 0 0 2000000 0 0 cm /X Do')], ['/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8', Buffer.from([9])]]))
put('lying-image.pdf', pdf([CATALOG, PAGES, PAGE.replace('/Font<</F 5 0 R>>', '/XObject<</X 5 0 R>>'), ['', latin('612 0 0 792 0 0 cm /X Do')], ['/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode', zeros(99)]]))
put('lying-font.pdf', pdf([...simple.slice(0, 4), '<</Type/Font/Subtype/TrueType/BaseFont/Odd/FirstChar 0/LastChar 2147483647/Widths 7 0 R/FontDescriptor 6 0 R/ToUnicode 8 0 R>>', '<</Type/FontDescriptor/FontName/Odd/Flags 4/FontFile2 7 0 R>>', ['/Length1 4000000000', Buffer.from('00010000ffffffffffffffff676c7966', 'hex')], ['', latin('/CIDInit/ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange endcmap')]]))
put('cmap-bomb.pdf', pdf([...simple.slice(0, 4), '<</Type/Font/Subtype/Type0/BaseFont/Odd/Encoding 6 0 R/DescendantFonts[7 0 R]/ToUnicode 6 0 R>>', ['/Type/CMap/CMapName/X', latin(`begincmap 1 begincodespacerange <00000000> <ffffffff> endcodespacerange 1 begincidrange <00000000> <ffffffff> 0 endcidrange endcmap`)], '<</Type/Font/Subtype/CIDFontType2/BaseFont/Odd/CIDSystemInfo<</Registry(A)/Ordering(B)/Supplement 0>>>>']))
put('deep-arrays.pdf', pdf([...simple.slice(0, 4), `<</Type/Font/Subtype/Type1/BaseFont/Helvetica/X ${'['.repeat(50_000)}>>`]))
put('outline-loop.pdf', pdf([CATALOG.replace('>>', '/Outlines 6 0 R>>'), ...simple.slice(1), '<</First 7 0 R/Last 7 0 R>>', '<</Title(a)/Next 7 0 R/First 6 0 R/Parent 6 0 R>>']))
put('xref-loop.pdf', latin(pdf(simple).toString('latin1').replace('/Root 1 0 R', '/Root 1 0 R/Prev 9')))
put('attachment-bomb.pdf', pdf([CATALOG.replace('>>', '/Names<</EmbeddedFiles<</Names[(a.txt) 6 0 R]>>>>>>'), ...simple.slice(1), '<</Type/Filespec/F(a.txt)/UF(../../a.txt)/EF<</F 7 0 R>>>>', ['/Type/EmbeddedFile/Filter[/FlateDecode/FlateDecode]', deflateSync(zeros(512 << 20), { level: 9 })]]))
// Standard security handler, revision 3: nobody knows the password, not even this script.
put('locked.pdf', pdf([...simple, `<</Filter/Standard/V 2/R 3/Length 128/P -4/O<${'a7'.repeat(32)}>/U<${'5c'.repeat(32)}>>>`], '/Encrypt 6 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]'))

// --- ZIP and DOCX ---------------------------------------------------------------------------------------------------

/** `says` overrides what the directory tells of an entry. */
function zip(entries, says = {}) {
  const files = []
  const directory = []
  let at = 0
  for (const { name, bytes, method = 8, flags = 0, size = bytes.length, packed = method === 8 ? deflateRawSync(bytes, { level: 9 }) : bytes, attributes = 0, crc = crc32(bytes) } of entries) {
    const label = Buffer.from(name)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt16LE(flags, 6)
    head.writeUInt16LE(method, 8)
    head.writeUInt32LE(crc, 14)
    head.writeUInt32LE(packed.length, 18)
    head.writeUInt32LE(size, 22)
    head.writeUInt16LE(label.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(0x0314, 4)
    head.copy(entry, 6, 4, 30)
    entry.writeUInt32LE(attributes, 38)
    entry.writeUInt32LE(at, 42)
    files.push(head, label, packed)
    directory.push(entry, label)
    at += head.length + label.length + packed.length
  }
  const names = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(says.count ?? entries.length, 8)
  end.writeUInt16LE(says.count ?? entries.length, 10)
  end.writeUInt32LE(names.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...files, names, end])
}
const note = { name: 'note.txt', bytes: Buffer.from('KPS 80 on examination.') }

put('plain.zip', zip([note]))
put('traversal.zip', zip([{ ...note, name: '../../etc/note.txt' }]))
put('absolute.zip', zip([{ ...note, name: '/etc/note.txt' }]))
put('symbolic-link.zip', zip([{ name: 'link', bytes: Buffer.from('/etc/passwd'), attributes: 0xa1ff0000 }, note]))
put('ratio-bomb.zip', zip([{ name: 'a.txt', bytes: Buffer.alloc(64 << 20, 0x41) }, note]))
put('lying-size.zip', zip([{ name: 'a.txt', bytes: Buffer.alloc(8 << 20, 0x41), size: 10 }, note]))
put('lying-count.zip', zip([note], { count: 60_000 }))
put('same-names.zip', zip([note, { ...note, bytes: Buffer.from('KPS 30 on examination.') }]))
put('truncated.zip', zip([note]).subarray(0, 60))
put('locked.zip', zip([{ ...note, flags: 1, packed: Buffer.from('0123456789abcdef0123456789abcdef'), method: 8 }]))
{
  let inner = zip([note])
  for (let level = 0; level < 12; level++) inner = zip([{ name: `level-${level}.zip`, bytes: inner }])
  put('nested.zip', inner)
}
const CONTENT = { name: '[Content_Types].xml', bytes: Buffer.from('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>') }
const RELATIONS = { name: '_rels/.rels', bytes: Buffer.from('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>') }
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const docx = (xml, ...more) => zip([CONTENT, RELATIONS, { name: 'word/document.xml', bytes: Buffer.from(xml) }, ...more])
const body = (inner) => `<w:document ${W}><w:body>${inner}</w:body></w:document>`
const paragraph = '<w:p><w:r><w:t>KPS 80 on examination.</w:t></w:r></w:p>'
put('plain.docx', docx(body(paragraph)))
put('truncated.docx', docx(body(paragraph)).subarray(0, 200))
put('bomb.docx', docx(body(`<w:p><w:r><w:t>${' '.repeat(48 << 20)}</w:t></w:r></w:p>`)))
put('entities.docx', docx(`<!DOCTYPE w:document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${body('<w:p><w:r><w:t>&b;</w:t></w:r></w:p>')}`))
put('deep.docx', docx(body('<w:sdt><w:sdtContent>'.repeat(50_000))))
put('many-tables.docx', docx(body(`${'<w:tbl><w:tr><w:tc>'.repeat(600)}${paragraph}${'</w:tc></w:tr></w:tbl>'.repeat(600)}`)))
put('not-word.docx', zip([CONTENT, { name: 'word/document.xml', bytes: Buffer.from('no xml at all') }]))

// --- pictures -------------------------------------------------------------------------------------------------------

function png(width, height, raw) {
  const chunk = (type, data) => {
    const whole = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const out = Buffer.alloc(data.length + 12)
    out.writeUInt32BE(data.length, 0)
    whole.copy(out, 4)
    out.writeUInt32BE(crc32(whole), out.length - 4)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([1, 0, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}
put('bomb.png', png(16_000, 16_000, Buffer.alloc((16_000 / 8 + 1) * 16_000)))
put('lying.png', png(1_000_000, 1_000_000, Buffer.alloc(20)))
put('truncated.png', png(900, 1200, Buffer.alloc((900 / 8 + 1) * 1200)).subarray(0, 60))
put('truncated.jpg', Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0001108ffffffff03012200021101031101', 'hex'))
/** Little-endian TIFF: directories of `[tag, type, count, value]`; `next` gives where the next stands. */
function tiff(directories, data = Buffer.alloc(0)) {
  const size = (entries) => 2 + 12 * entries.length + 4
  const starts = []
  let at = 8
  for (const { entries } of directories) { starts.push(at); at += size(entries) }
  const out = Buffer.alloc(at)
  out.write('II', 'latin1')
  out.writeUInt16LE(42, 2)
  out.writeUInt32LE(8, 4)
  directories.forEach(({ entries, next }, index) => {
    let to = starts[index]
    out.writeUInt16LE(entries.length, to)
    to += 2
    for (const [tag, type, count, value] of entries) {
      out.writeUInt16LE(tag, to)
      out.writeUInt16LE(type, to + 2)
      out.writeUInt32LE(count, to + 4)
      out.writeUInt32LE(value === 'data' ? at : value, to + 8)
      to += 12
    }
    out.writeUInt32LE(next === undefined ? 0 : starts[next], to)
  })
  return Buffer.concat([out, data])
}
const fax = (width, height, bytes) => [[256, 4, 1, width], [257, 4, 1, height], [258, 3, 1, 1], [259, 3, 1, 4], [262, 3, 1, 0], [273, 4, 1, 'data'], [278, 4, 1, height], [279, 4, 1, bytes]]
put('cyclic.tiff', tiff([{ entries: fax(64, 64, 4), next: 1 }, { entries: fax(64, 64, 4), next: 0 }], Buffer.from([0x00, 0x10, 0x01, 0x00])))
put('lying.tiff', tiff([{ entries: fax(100_000, 100_000, 4) }], Buffer.from([0x00, 0x10, 0x01, 0x00])))
{
  // BigTIFF whose first directory counts more fields than there are bytes in the world.
  const bytes = Buffer.alloc(40)
  bytes.set([0x49, 0x49, 43, 0, 8, 0, 0, 0, 16])
  bytes.writeBigUInt64LE(1n << 60n, 16)
  put('lying-wide.tiff', bytes)
}
{
  // The envelope of Office before 2007 and the name of its Word stream, no more.
  const bytes = Buffer.alloc(1024, 1)
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
  bytes.set(Buffer.from('WordDocument', 'utf16le'), 512)
  put('old-word.doc', bytes)
}
put('truncated.tiff', tiff([{ entries: fax(1728, 2200, 900_000) }]))

// --- XML, RTF, HTML, mail, JSON, OLE --------------------------------------------------------------------------------

put('external-entity.xml', '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><ClinicalDocument xmlns="urn:hl7-org:v3"><title>&e;</title></ClinicalDocument>')
put('billion-laughs.xml', `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">${'bcdefghij'.split('').map((name, index) => `<!ENTITY ${name} "${`&${'abcdefghij'[index]};`.repeat(10)}">`).join('')}]><ClinicalDocument xmlns="urn:hl7-org:v3"><title>&j;</title></ClinicalDocument>`)
put('deep.xml', `<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3">${'<component>'.repeat(4000)}`)
put('body-in-body.xml', (() => {
  let inner = Buffer.from('KPS 80')
  for (let level = 0; level < 8; level++) inner = Buffer.from(`<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Level ${level}</title><component><nonXMLBody><text mediaType="text/xml" representation="B64">${inner.toString('base64')}</text></nonXMLBody></component></ClinicalDocument>`)
  return inner
})())
put('deep.rtf', `{\\rtf1 KPS 80${'{'.repeat(20_000)}`)
put('lying-binary.rtf', '{\\rtf1 KPS 80 {\\pict\\pngblip\\bin2147483647 x} on examination.\\par}')
put('endless-fallback.rtf', '{\\rtf1\\uc999999999 KPS \\u8805?80\\par \\u-99999999 text}')
put('deep.html', `<html><body>KPS 80${'<table><tr><td>'.repeat(4000)}`)
put('script.html', '<html><body onload="for(;;);"><script>while(true){}</script><img src="http://127.0.0.1:9/x.png"><iframe src="file:///etc/passwd"></iframe><p>KPS 80</p></body></html>')
put('deep.eml', `From: a@b.org\r\nTo: c@d.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n${Array.from({ length: 300 }, (_, index) => `Content-Type: multipart/mixed; boundary="b${index}"\r\n\r\n--b${index}\r\n`).join('')}Content-Type: text/plain\r\n\r\nKPS 80\r\n`)
put('mail-in-mail.eml', (() => {
  let inner = 'From: a@b.org\r\nTo: c@d.org\r\nMIME-Version: 1.0\r\nSubject: last\r\n\r\nKPS 80\r\n'
  for (let level = 0; level < 8; level++) inner = `From: a@b.org\r\nTo: c@d.org\r\nMIME-Version: 1.0\r\nSubject: level ${level}\r\nContent-Type: multipart/mixed; boundary="B${level}"\r\n\r\n--B${level}\r\nContent-Type: application/octet-stream; name="../m.eml"\r\nContent-Disposition: attachment; filename="../m.eml"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(inner).toString('base64')}\r\n--B${level}--\r\n`
  return inner
})())
put('deep.json', `{"resourceType":"Bundle","entry":${'['.repeat(50_000)}`)
put('bundle-in-bundle.json', (() => {
  let inner = { resourceType: 'Observation', code: { text: 'KPS' }, valueString: '80' }
  for (let level = 0; level < 50; level++) inner = { resourceType: 'Bundle', entry: [{ resource: inner }] }
  return JSON.stringify(inner)
})())
{
  // A compound file whose table of sectors leads back to itself.
  const ole = Buffer.alloc(2048)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(ole)
  ole.writeUInt16LE(0x3e, 24)
  ole.writeUInt16LE(3, 26)
  ole.writeUInt16LE(0xfffe, 28)
  ole.writeUInt16LE(9, 30)
  ole.writeUInt16LE(6, 32)
  ole.writeUInt32LE(0xffffffff, 44)
  ole.writeUInt32LE(0, 48)
  ole.writeUInt32LE(0, 60)
  ole.writeUInt32LE(0xffffffff, 64)
  ole.writeUInt32LE(0, 68)
  ole.writeUInt32LE(0xffffffff, 72)
  for (let at = 76; at < 512; at += 4) ole.writeUInt32LE(0, at)
  Buffer.from('__properties_version1.0', 'utf16le').copy(ole, 1024)
  put('cyclic.msg', ole)
  const locked = Buffer.from(ole)
  Buffer.from('EncryptedPackage', 'utf16le').copy(locked, 1024)
  put('locked.docx', locked)
}

// --- what they are not called ---------------------------------------------------------------------------------------

put('rtf-called.pdf', '{\\rtf1 KPS 80 on examination.\\par}')
put('pdf-called.docx', pdf(simple))
put('text-called.tiff', 'KPS 80 on examination.\n')
put('picture-called.txt', png(90, 120, Buffer.alloc((90 / 8 + 2) * 120)))
put('executable.pdf', Buffer.concat([Buffer.from('4d5a90000300000004000000ffff0000', 'hex'), Buffer.alloc(200, 7)]))
put('one-line.txt', `KPS 80 ${'a'.repeat(20_000)}`)
put('control-signs.txt', Buffer.concat([Buffer.from('KPS 80\u001b]0;title\u0007\u202egnp.exe\u202c \u0000\u0001 on examination.\n')]))
