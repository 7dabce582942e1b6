// Names of the kinds of notes for people. May not: decide what a note is.
import type { NoteType } from '../note/note.ts'

export const NOTE_NAMES: Readonly<Record<NoteType, string>> = {
  consult: 'consultation', followup: 'follow-up note', prescription: 'prescription', 'planning-note': 'planning note', simulation: 'simulation record', 'special-physics-request': 'request to physics',
  'special-physics-report': 'physics report', 'special-treatment-note': 'special treatment note', 'in-vivo-dosimetry': 'dosimetry record', 'dose-calculation': 'dose calculation', 'plan-report': 'plan report',
  isodose: 'isodose plan', 'imrt-qa': 'plan quality assurance', 'treatment-record': 'treatment record', 'daily-setup': 'set-up sheet', 'image-guidance-record': 'image-guidance record',
  'on-treatment-visit': 'on-treatment visit', 'weekly-physics': 'weekly physics check', 'initial-chart-check': 'initial chart check', 'srs-management': 'radiosurgery note', 'sbrt-management': 'stereotactic treatment note',
  'electronic-brachytherapy-record': 'electronic brachytherapy record', 'brachytherapy-procedure': 'brachytherapy procedure note', 'superficial-record': 'superficial treatment record', 'proton-record': 'proton treatment record',
  devices: 'device record', completion: 'completion summary', consent: 'consent form', nursing: 'nursing note', pathology: 'pathology report', radiology: 'radiology report', laboratory: 'laboratory report',
  fusion: 'image fusion report', 'tumor-board': 'tumor board note', 'physics-misc': 'physics record', 'chemotherapy-record': 'chemotherapy record', letter: 'letter', billing: 'billing sheet', cover: 'cover sheet',
  education: 'leaflet', registration: 'registration sheet', unknown: 'page',
}
