// The elements of FHIR R4 that the answer uses, each with the type and number that R4 gives it; whatever else stands in a resource is a fault. May not: be looser than R4.
import { z } from 'zod'

const string = z.string().regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f]*\S[^\u0000-\u0008\u000b\u000c\u000e-\u001f]*$/)
const code = z.string().regex(/^[^\s]+(?:\s[^\s]+)*$/)
const uri = z.string().regex(/^\S+$/)
const date = z.string().regex(/^\d{4}(?:-\d{2}(?:-\d{2})?)?$/)
const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/)
const dateTime = z.union([date, instant])
const id = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/)

const coding = z.strictObject({ system: uri.optional(), code: code.optional(), display: string.optional() })
const concept = z.strictObject({ coding: z.array(coding).min(1).optional(), text: string.optional() })
const period = z.strictObject({ start: dateTime.optional(), end: dateTime.optional() })
const identifier = z.strictObject({ type: concept.optional(), system: uri.optional(), value: string.optional() })
const reference = z.strictObject({ reference: string.optional(), identifier: identifier.optional(), display: string.optional() })
const extension = z.strictObject({ url: uri, valuePositiveInt: z.number().int().min(1) })
const meta = z.strictObject({ profile: z.array(uri).min(1).optional() })
const name = z.strictObject({ text: string.optional(), family: string.optional(), given: z.array(string).min(1).optional() })

export const patient = z.strictObject({
  resourceType: z.literal('Patient'), id: id.optional(), meta: meta.optional(), identifier: z.array(identifier).min(1).optional(), name: z.array(name).min(1).optional(), gender: z.enum(['male', 'female', 'other', 'unknown']).optional(), birthDate: date.optional(),
})
const practitionerRole = z.strictObject({ resourceType: z.literal('PractitionerRole'), id, meta: meta.optional(), practitioner: reference.optional(), organization: reference.optional() })
export const device = z.strictObject({
  resourceType: z.literal('Device'), deviceName: z.array(z.strictObject({ name: string, type: z.enum(['udi-label-name', 'user-friendly-name', 'patient-reported-name', 'manufacturer-name', 'model-name', 'other']) })).min(1).optional(),
  version: z.array(z.strictObject({ type: concept.optional(), value: string })).min(1).optional(),
})

const ANSWERS = ['valueBoolean', 'valueDecimal', 'valueInteger', 'valueDate', 'valueDateTime', 'valueString', 'valueUri', 'valueCoding', 'valueReference'] as const
interface Item { linkId: string; text?: string | undefined; answer?: unknown[] | undefined; item?: Item[] | undefined }
const item: z.ZodType<Item> = z.lazy(() => z.strictObject({ linkId: string, text: string.optional(), answer: z.array(answer).min(1).optional(), item: z.array(item).min(1).optional() })
  // qrs-1: a group holds items, a question holds answers.
  .refine((i) => !(i.item !== undefined && i.answer !== undefined), 'group or question'))
const answer = z.strictObject({
  valueBoolean: z.boolean().optional(), valueDecimal: z.number().optional(), valueInteger: z.number().int().optional(), valueDate: date.optional(), valueDateTime: dateTime.optional(), valueString: string.optional(), valueUri: uri.optional(),
  valueCoding: coding.optional(), valueReference: reference.optional(), item: z.array(item).min(1).optional(),
}).refine((a) => ANSWERS.filter((k) => a[k] !== undefined).length === 1, 'one value')

export const questionnaireResponse = z.strictObject({
  resourceType: z.literal('QuestionnaireResponse'), identifier: identifier.optional(), questionnaire: uri.optional(), status: z.enum(['in-progress', 'completed', 'amended', 'entered-in-error', 'stopped']), subject: reference.optional(),
  authored: dateTime.optional(), author: reference.optional(), item: z.array(item).min(1).optional(),
})
export const documentReference = z.strictObject({
  resourceType: z.literal('DocumentReference'), identifier: z.array(identifier).min(1).optional(), status: z.enum(['current', 'superseded', 'entered-in-error']), type: concept.optional(), subject: reference.optional(),
  content: z.array(z.strictObject({ attachment: z.strictObject({ contentType: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/).optional(), title: string.optional(), data: z.base64().optional() }) })).min(1),
  context: z.strictObject({ period: period.optional() }).optional(),
})
const input = z.strictObject({
  extension: z.array(extension).min(1).optional(), type: concept, valueCodeableConcept: concept.optional(), valueUrl: uri.optional(), valueDate: date.optional(), valuePeriod: period.optional(), valueBoolean: z.boolean().optional(),
}).refine((i) => Object.keys(i).filter((k) => k.startsWith('value')).length === 1, 'one value')
export const task = z.strictObject({
  resourceType: z.literal('Task'), meta: meta.optional(), contained: z.array(z.union([patient, practitionerRole])).min(1).optional(), identifier: z.array(identifier).min(1).optional(),
  status: z.enum(['draft', 'requested', 'received', 'accepted', 'rejected', 'ready', 'cancelled', 'in-progress', 'on-hold', 'failed', 'completed', 'entered-in-error']), intent: z.enum(['unknown', 'proposal', 'plan', 'order', 'original-order', 'reflex-order', 'filler-order', 'instance-order', 'option']),
  code: concept.optional(), for: reference.optional(), authoredOn: dateTime.optional(), requester: reference.optional(), owner: reference.optional(), reasonCode: concept.optional(), reasonReference: reference.optional(),
  restriction: z.strictObject({ period: period.optional() }).optional(), input: z.array(input).min(1).optional(),
})
export const bundle = z.strictObject({
  resourceType: z.literal('Bundle'), type: z.literal('collection'), timestamp: instant.optional(),
  entry: z.array(z.strictObject({ fullUrl: z.string().regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/), resource: z.discriminatedUnion('resourceType', [patient, device, questionnaireResponse, documentReference, task]) })).min(1),
})

/** What the CDex profile asks beyond R4. */
export const cdexTask = task.required({ meta: true, contained: true, identifier: true, code: true, for: true, authoredOn: true, requester: true, owner: true, reasonCode: true, reasonReference: true, input: true }).refine((t) => {
  const of = (c: string): number => t.input?.filter((i) => i.type.coding?.[0]?.code === c).length ?? 0
  return t.intent === 'order' && of('attachments-needed') > 0 && of('payer-url') === 1 && of('service-date') === 1 && t.for?.reference === '#patient' && t.owner?.reference === '#practitionerrole' && t.input?.every((i) => i.type.coding?.[0]?.code !== 'attachments-needed' || i.extension?.length === 1)
}, 'as the CDex attachment request')

const parameter = z.strictObject({
  name: string, valueIdentifier: identifier.optional(), valueCode: code.optional(), valueDateTime: dateTime.optional(), valueBoolean: z.boolean().optional(),
  part: z.array(z.strictObject({ name: z.enum(['LineItem', 'Code', 'Content']), valueString: string.optional(), valueCodeableConcept: concept.optional(), resource: documentReference.optional() })).min(1).optional(),
})
export const submitAttachment = z.strictObject({ resourceType: z.literal('Parameters'), meta: meta.optional(), parameter: z.array(parameter).min(1) }).refine((p) => {
  const of = (n: string): number => p.parameter.filter((each) => each.name === n).length
  return of('TrackingId') === 1 && of('AttachTo') === 1 && of('MemberId') === 1 && of('Attachment') >= 1 && of('Final') === 1 && p.parameter.every((each) => each.part === undefined || each.part.filter((x) => x.name === 'Content').length === 1)
}, 'as the operation asks')
