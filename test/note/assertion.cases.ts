// Sentences with their assertions, written for the tests in the manner of many kinds of clinical text.
// A line: code, bar, text with one [[target]]. Codes: A absent, O possible, H hypothetical, none of them present; h historical, p planned, none of them
// current, * any time; f family, o other, none of them patient; `.` is present, current, patient. `\n` and `\t` in the text are a row end and a cell border.

export interface Case {
  readonly code: string
  readonly written: string
}

export const CASES: readonly Case[] = String.raw`
A|The patient denies [[chest pain]].
A|She denies fever, chills, nausea, vomiting, [[diarrhea]], or dysuria.
A|Denies headache, visual changes, [[photophobia]].
.|Denies headache but has [[photophobia]].
.|She denies any trauma but does report [[neck stiffness]].
A|There was no [[loss of consciousness]].
A|No acute [[intracranial hemorrhage]] or mass effect.
A|No acute intracranial hemorrhage, mass effect, or [[midline shift]].
.|No acute hemorrhage. There is [[mild atrophy]].
A|The lungs are clear to auscultation bilaterally without [[wheezes]], rales, or rhonchi.
A|The lungs are clear without wheezes, rales, or [[rhonchi]].
A|Heart regular, no murmurs, gallops or [[rubs]].
.|Heart regular, no gallops, [[systolic murmur]] is heard at the apex.
A|Abdomen is soft, nontender, nondistended, no [[hepatosplenomegaly]].
A|Extremities: No clubbing, cyanosis, or [[edema]].
.|Extremities: No clubbing or cyanosis, 2+ pitting [[edema]] is present to the knees.
A|Chest x-ray shows no evidence of [[pneumonia]].
A|Chest x-ray failed to show any evidence of [[congestive heart failure]].
A|He has had no further episodes of [[hematemesis]].
.|He had no change in his [[abdominal pain]].
.|No significant change in [[bilateral pleural effusions]] since the prior study.
.|Unchanged [[right pneumothorax]].
A|Stool was negative for [[occult blood]].
A|HIV test was negative for [[infection]].
A|Cardiac enzymes were negative, and he was ruled out for [[myocardial infarction]].
A|The patient ruled out for a [[myocardial infarction]] by serial enzymes.
A|[[Pulmonary embolism]] was ruled out with CT angiography.
O|[[Pulmonary embolism]] could not be ruled out.
O|Admitted to rule out [[myocardial infarction]].
O|CT of the head to r/o [[bleed]].
O|Rule out [[sepsis]].
O|Chest film cannot exclude [[early infiltrate]] at the left base.
O|There is a possible [[fracture]] of the distal radius.
O|Findings are suspicious for [[metastatic disease]].
O|This may represent [[atelectasis]] or pneumonia.
O|This may represent atelectasis or [[pneumonia]].
O|Atelectasis versus [[pneumonia]].
O|[[Atelectasis]] versus pneumonia.
O|Probable [[left lower lobe pneumonia]].
O|The presentation is concerning for [[cauda equina syndrome]].
O|There is concern for [[cord compression]].
O|?[[pneumonia]] at right base.
O|Likely [[viral gastroenteritis]].
O|Differential diagnosis includes [[cholecystitis]], pancreatitis, and ulcer.
O|Differential diagnosis includes cholecystitis, pancreatitis, and [[ulcer]].
O|[[Osteomyelitis]] is suspected.
A|[[Osteomyelitis]] is unlikely.
A|It is unlikely that this is [[osteomyelitis]].
A|Low suspicion for [[dissection]].
A|I doubt [[appendicitis]].
.|Not only [[nausea]] but also vomiting occurred.
.|Gram-negative [[rods]] grew from the blood.
.|He tolerated the [[procedure]] without difficulty.
.|[[Extubation]] was done without incident.
A|The patient has never had a [[seizure]].
A|He never smoked and does not drink [[alcohol]].
A|The patient does not have [[diabetes]].
A|He doesn't have any [[allergies]].
A|He hasn't had [[fever]] since admission.
.|He was unable to sleep due to [[pain]].
.|She was not able to ambulate because of [[hip pain]].
.|He did not take his insulin for his [[diabetes]].
.|She was not given antibiotics for [[cystitis]].
.|The [[pain]] is not relieved by rest.
.|Her [[cough]] did not improve with inhalers.
.|The [[wound infection]] has not resolved.
A|The [[wound infection]] was not present on admission.
A|The [[mass]] is no longer seen.
A|[[Gallstones]] were not identified.
A|Fracture, [[dislocation]], or effusion is not seen.
A|[[Ascites]], varices, and splenomegaly are absent.
.|[[Ascites]] is seen, varices are absent.
.|She had [[fever]] and cough, and pneumonia was ruled out.
A|She had fever and cough, and [[pneumonia]] was ruled out.
A|[[Fevers]]: denied. Chills: reported.
.|Fevers: denied. [[Chills]]: reported.
A|Negative for [[fever]], positive for chills.
.|Negative for fever, positive for [[chills]].
A|Review of systems: (-) [[fever]] (+) cough
.|Review of systems: (-) fever (+) [[cough]]
A|ROS: +cough, -[[fever]], +dyspnea
.|ROS: +cough, -fever, +[[dyspnea]]
A|Neither [[syncope]] nor palpitations were reported.
A|Neither syncope nor [[palpitations]] were reported.
A|Absence of [[lymphadenopathy]] in the neck.
A|The margins were free of [[tumor]].
A|Lymph nodes: 12 nodes negative for [[carcinoma]].
A|Patient is without [[complaints]].
A|He remained free from [[pain]].
A|There was lack of [[rebound]].
A|w/o [[erythema]]
A|There are no focal deficits, [[tremor]], or ataxia noted.
.|No fever, however he has [[chills]].
.|No fever although [[chills]] were noted.
.|No fever, yet [[leukocytosis]] is impressive.
.|No pain apart from [[headache]].
.|No complaints other than [[back pain]].
.|She had no complaints except for [[mild itching]].
.|Exam unremarkable except [[mild tenderness]].
.|No weight loss secondary to her [[hyperthyroidism]] this year.
.|Denies dyspnea; [[cough]] persists.
A|No nausea or vomiting with [[diarrhea]] absent.
A|No recurrence, [[metastasis]] or second primary on PET.
A|Without any [[focal neurological deficit]].
.|She is not sure if the [[rash]] is itchy.
A|The chest pain was not associated with [[diaphoresis]] or radiation.
.|The [[chest pain]] was not associated with diaphoresis.
A|Chest pain without [[radiation to the arm]], relieved by rest.
A|CT demonstrated no [[hydronephrosis]]; there is a stone in the left ureter.
.|CT demonstrated no hydronephrosis; there is a [[stone]] in the left ureter.
A|There were no [[bloody stools]], and he was eating well.
.|There were no bloody stools, and he was treated for [[gastritis]].
.|No murmurs and the patient has [[trace edema]].
A|No [[drainage]] was noted from the incision.
A|No [[fevers]] overnight.
A|Afebrile with no [[leukocytosis]].
A|Nausea resolved and there has been no [[emesis]] today.
A|Alert, oriented, no [[distress]].
A|The patient currently denies [[suicidal ideation]] or homicidal ideation.
A|The patient currently denies suicidal ideation or [[homicidal ideation]].
A|No known [[drug allergies]].
A|Pt w/ no [[SOB]].
A|She reports no [[hearing loss]].
A|He reported no [[melena]] or hematochezia.
A|He is not having [[angina]].
A|EKG revealed no [[ST elevations]] or T wave inversions.
A|EKG revealed no ST elevations or [[T wave inversions]].
A|No ST elevation, but he had nonspecific changes and no [[Q waves]].
A|I do not think the patient has [[meningitis]].
A|It is not felt to be [[cardiac]] in origin.
A|The patient does not appear to have [[cellulitis]].
A|No clinical signs of [[deep venous thrombosis]].
A|No signs or symptoms of [[infection]].
A|Incision clean, dry, intact, no erythema or [[discharge]].
A|The patient lacks [[insight]].
A|Evaluation for [[PE]] was negative.
.|Evaluation revealed [[PE]] and troponin was negative.
A|Evidence of [[recurrence]] was not found.
A|No evidence for acute [[cholecystitis]] by ultrasound.
A|No definite [[nodule]].
A|Clear of [[infiltrate]].
A|The films did not reveal [[free air]].
A|CT without [[obstruction]] or abscess.
A|Patient declined [[blood transfusion]].
A|The family refused [[autopsy]].
A|[[Flu vaccine]] was declined.
.|Her [[renal function]] has declined with age.
A|[[Intubation]] was not required.
A|[[Biopsy]] was not performed because of bleeding risk.
.|Biopsy was not performed because of [[bleeding]].
A|No surgical [[intervention]] was needed.
A|[[Lasix]] was held today.
A|Her [[metoprolol]] has been held.
.|He held his breath during the [[scan]].
A|[[Anticoagulation]] is contraindicated.
A|[[Chemotherapy]] was cancelled this week.
A|Fever (-), [[chills]] (-), cough (+)
.|Fever (-), chills (-), [[cough]] (+)
A|Any [[fever]]? No
.|Any [[fever]]? Yes
A|[[Smoker]]: N
A|[[Pacemaker]]: NO
A|[[Metal implants]] - none
A|[[Allergies]]: none known
A|[[Compensator]]: N/A
A|Compensators:   [[wedge]] none
A|[[Bolus]]\tN/A
A|[[Bolus]]\tNone\tWedge\t15 degree
.|Bolus\tNone\t[[Wedge]]\t15 degree
A|Device\tUsed\n[[Compensator]]\tNo
A|[ ] [[Special physics consult]]  [x] Continuing physics
.|[ ] Special physics consult  [x] [[Continuing physics]]
A|☐ [[IMRT]] ☒ 3D conformal ☐ Electrons
.|☐ IMRT ☒ [[3D conformal]] ☐ Electrons
A|☐ IMRT ☒ 3D conformal ☐ [[Electrons]]
A|( ) [[Bolus]]  (x) Wedge
.|( ) Bolus  (x) [[Wedge]]
A|[[In vivo dosimetry]]: ☐ Yes ☒ No
.|[[In vivo dosimetry]]: ☒ Yes ☐ No
A|[[Pacemaker]]: Yes ☐ No ☒
.|[[Pacemaker]]: Yes ☒ No ☐
A|[[Pacemaker]]: Yes [ ] No [ ]
A|[[Pacemaker]]? [ ] Yes [x] No
A|[[Custom blocks]] ☐
.|[[Custom blocks]] ☒
A|[[Custom blocks]]: ______
A|[[Diode reading]]: ________ cGy
.|[[Diode reading]]: __178__ cGy
A|[[Compensator]]: not used
A|[[Compensator]] not used, bolus 1 cm every fraction.
.|Compensator not used, [[bolus]] 1 cm every fraction.
A|[[Special medical physics consultation]] not requested.
A|[[Special medical physics consultation]] is not indicated at this time.
A|Special dosimetry: [[TLD]] deferred
A|[[Gating]] was not needed because motion was under 5 mm.
.|Gating was not needed because [[motion]] was under 5 mm.
A|No [[bolus]] used.
A|No [[custom blocking]] was fabricated for this field.
Ap|We will treat without [[bolus]].
A|Patient was treated without [[compensators]].
A|There is no indication for [[IMRT]].
A|No plans for [[concurrent chemotherapy]].
A|The patient is not a candidate for [[surgery]].
A|She opted against [[mastectomy]].
A|He chose not to pursue [[brachytherapy]].
A|3D conformal rather than [[IMRT]] was chosen.
.|[[3D conformal]] rather than IMRT was chosen.
A|Electrons were used instead of [[photons]].
.|Completed [[radiation]] without interruption.
.|No missed treatments during [[radiation]].
.|No complications of [[SBRT]].
.|No acute toxicity from [[radiation treatment]].
.|No evidence of progression on [[CBCT]].
.|No setup error seen on [[portal imaging]] today.
.|No questions about [[consent]].
.|IMRT [[QA]] passed with no failures.
A|[[QA]] not yet performed.
A|[[Isodose plan]] has not been approved.
A|[[Fraction 5]] not delivered.
A|[[Treatment]] was held due to machine downtime.
.|Treatment was held due to [[machine downtime]].
A|[[Concurrent cisplatin]] was omitted.
A|~~[[IMRT]]~~ 3D conformal
.|~~IMRT~~ [[3D conformal]]
A|[[Wedge]] entered in error
H|Return to the emergency department for [[fever]] or increasing pain.
H|Return to the emergency department for fever or [[increasing pain]].
H|Return if you develop [[shortness of breath]].
H|Call your doctor if you have [[fever]], chills, or redness.
H|Call your doctor if you have fever, chills, or [[redness]].
H|He should call for [[temperature above 101]].
H|Should she develop [[chest pain]], she will come back.
H|If he has recurrent [[bleeding]], we will repeat endoscopy.
H|If [[symptoms]] worsen, call.
H|If there is any evidence of [[infection]], antibiotics will be started.
H|Percocet 1-2 tablets as needed for [[pain]].
H|Tylenol 650 mg p.o. q.4h. p.r.n. [[pain]].
H|Ambien p.r.n. [[insomnia]], Colace twice daily.
H|Compazine 10 mg prn for [[nausea]].
H|Take ibuprofen for [[headache]] as needed.
H|Seek medical attention for [[wound drainage]] or fever.
H|Watch for [[bleeding]], swelling or numbness.
H|Monitor for signs of [[withdrawal]].
H|Please notify the house officer for [[urine output]] less than 30.
H|She was instructed to return with any [[worsening weakness]].
H|In case of [[seizure]], give lorazepam.
H|In the event of [[anaphylaxis]] use the EpiPen.
H|Risks of the procedure including [[bleeding]] and infection were explained.
H|The risks include [[pneumonitis]], fatigue and rib fracture.
H|The risks include pneumonitis, fatigue and [[rib fracture]].
H|He is at risk for [[aspiration]].
H|Heparin for [[DVT]] prophylaxis.
H|Seizure precautions; [[fall]] precautions.
H|Come back immediately for [[vision loss]].
H|Warning signs include [[stridor]].
H|Return precautions: [[fever]], vomiting, worse pain.
H|Keppra was given to prevent [[seizures]].
H|Discharge instructions: call for [[temperature]] greater than 101.5, nausea, or vomiting.
H|Discharge instructions: call for temperature greater than 101.5, [[nausea]], or vomiting.
H|Return for [[increased redness]], pus, or red streaks.
H|Unless he develops [[neutropenia]], continue.
H|IMRT may be used only if [[3D planning]] fails.
.|He returned to the hospital for [[fever]].
.|She was asked to follow up for [[hypertension]].
.|[[Fever]] to 102 today; return if worse.
.|He called for [[pain]] yesterday and was seen.
.|The [[pain]] is controlled with Percocet as needed.
.|She has [[back pain]] and takes Motrin as needed.
.|Return to baseline after [[stroke]].
.|Mild if any [[edema]].
h|History of [[coronary artery disease]].
h|She has a history of [[hypertension]], diabetes, and gout.
h|She has a history of hypertension, diabetes, and [[gout]].
h|Past medical history is significant for [[atrial fibrillation]].
h|PAST MEDICAL HISTORY: Significant for hypertension, hyperlipidemia, [[GERD]].
h|PAST MEDICAL HISTORY: 1. Hypertension. 2. [[Diabetes]].
h|PMH: [[asthma]], depression
h|Past Medical History:\n[[Asthma]]\nDepression
h|Past Medical History:\nAsthma\n[[Depression]]\n\nMedications:\nZoloft
.|Past Medical History:\nAsthma\n\nExam:\n[[Wheezing]] bilaterally
h|This is a 67-year-old male with history of [[COPD]] who presents with dyspnea.
.|This is a 67-year-old male with history of COPD who presents with [[dyspnea]].
.|The patient is a 45-year-old woman with a history of lupus admitted with [[fever]].
.|A 70-year-old with history of CAD, now complaining of [[chest pressure]].
.|67-year-old woman with history of CHF, here for [[leg swelling]].
h|H/o [[DVT]] in pregnancy.
h|s/p [[cholecystectomy]].
h|Status post [[left hip replacement]] in 2003.
h|69 yo s/p [[CABG]] x4 with fever.
.|69 yo s/p CABG x4 with [[fever]].
h|He had a [[stroke]] in 1998.
h|He had a [[myocardial infarction]] five years ago.
h|[[Appendectomy]] as a child.
h|She was treated for [[tuberculosis]] many years ago.
h|Previous [[myocardial infarction]].
h|Prior [[stroke]] with residual weakness.
h|EKG shows an old [[inferior infarct]].
h|Old healed [[rib fractures]] are noted.
h|He was previously diagnosed with [[lymphoma]].
h|Remote history of [[alcohol abuse]].
h|Two months ago she had [[pyelonephritis]].
h|He had a [[GI bleed]] last year.
h|During his last admission he had [[pneumonia]].
h|In the past he has had [[kidney stones]].
h|[[Tonsillectomy]] (1965)
h|[[Hysterectomy]] 1987
h|Ten-year history of [[Parkinson disease]].
.|Three-day history of [[productive cough]].
.|Two-week history of [[headache]].
h|Six-month history of [[weight loss]].
.|The [[headache]] began two days ago.
.|She developed [[fever]] last night.
.|Past 3 days of [[diarrhea]].
.|HISTORY OF PRESENT ILLNESS: The patient has [[abdominal pain]].
.|History and physical shows [[jaundice]].
.|Poor historian with [[confusion]].
.|Social history: [[smoker]]
.|CLINICAL HISTORY: [[Shortness of breath]].
.|Status post fall with [[hip fracture]].
.|S/P MVC with [[neck pain]].
.|Prior to [[simulation]] contrast was given.
.|Compared to the prior CT, [[effusion]] is larger.
.|54 year old with [[angina]].
Ah|No history of [[diabetes]].
Ah|She denies a history of [[heart disease]].
Ah|Denies any prior history of [[seizures]].
Ah|No prior [[radiation]].
Ah|There is no history of [[prior radiation therapy]].
Ah|Past medical history is negative for [[hypertension]].
h|Prior [[radiation]]: 50 Gy to the left breast in 2009.
h|Prior radiation: Left breast. [[Electron boost]] 10 Gy.
h|She received [[whole brain radiation]] in 2018 at an outside facility.
h|Previously treated with [[SBRT]] to the right lung.
h|Last course of [[radiation]] ended four years ago.
h|ECOG was 3 two years ago when she had [[sepsis]].
h|He completed [[IMRT]] in March 2012.
h|Since 2001 he has had [[Crohn disease]] in remission.
h|He was hospitalized in 2004 for [[pancreatitis]].
h|The patient has a longstanding [[seizure disorder]].
h|Past surgical history includes [[cesarean section]] and appendectomy.
h|He has a prior [[lumpectomy]].
h|[[Prostatectomy]] was performed six years ago.
h|He has had multiple prior episodes of [[diverticulitis]].
h|[[Penicillin allergy]] by history.
p|She will undergo [[CT simulation]] next week.
p|We plan to treat with [[IMRT]].
p|Plan: [[SBRT]] 50 Gy in 5 fractions.
p|PLAN:\n1. [[CT simulation]] on Monday\n2. MRI fusion
p|I recommend [[adjuvant radiation]].
p|Recommend [[repeat CT]] in six months.
p|He is scheduled for [[cardiac catheterization]] tomorrow.
p|[[Surgery]] is planned.
p|[[Special physics consult]] requested.
p|I am requesting a [[special physics consultation]] for the pacemaker.
p|Order: [[TLD measurement]] at the pacemaker pocket.
p|[[Diodes]] ordered for the first fraction.
p|[[MRI fusion]] pending.
p|Awaiting [[insurance approval]].
p|Consider [[electron boost]].
p|The patient is to receive [[60 Gy]] in 30 fractions.
p|Once approved, [[proton therapy]] will start.
p|[[Simulation]] will be performed on Tuesday.
p|Please obtain [[in vivo dosimetry]] on day one.
p|She intends to proceed with [[brachytherapy]].
p|Anticipate [[adaptive replanning]] at week four.
p|She is a candidate for [[radiosurgery]].
p|Planned [[boost]] of 10 Gy.
Ap|He will not require [[bolus]].
Ap|She will not need [[chemotherapy]].
.|The plan was reviewed and [[IMRT]] was delivered.
.|[[IMRT]] was delivered as planned.
.|The patient underwent [[simulation]] today and will return.
.|Today he completed [[fraction 10]] and will see us weekly.
.|The treatment plan includes a [[wedge]].
.|Daily [[IGRT]] was performed as ordered.
f|Family history of [[breast cancer]].
f|FAMILY HISTORY: Mother with [[diabetes]], father with heart disease.
f|FAMILY HISTORY: Mother with diabetes, father with [[heart disease]].
f|Her mother had [[ovarian cancer]].
f|Father died of [[myocardial infarction]] at 52.
f|A maternal aunt had [[breast cancer]].
f|Two sisters have [[hypothyroidism]].
f|Family history: positive for [[colon cancer]] in his brother.
f|Strong family history of [[premature coronary disease]].
f|[[Colon cancer]] in a paternal uncle.
f|[[Diabetes]] runs in her family.
f|Mother - [[stroke]], father - MI
f|FHx: [[hypertension]]
f|His brother and father both had [[aneurysms]].
f|Father with CAD, sister with [[lupus]].
f|Family History:\n[[Melanoma]] - father\nProstate cancer - uncle
f|[[Breast cancer]] (mother, age 45)
f|Her son has [[asthma]].
f|Several family members have had [[flu]].
Af|No family history of [[prostate cancer]].
Af|She denies a family history of [[melanoma]].
Af|Family history is negative for [[cancer]].
Af|Her mother did not have [[cancer]].
.|His wife noticed [[confusion]] yesterday.
.|Per the daughter, he has had [[fever]].
.|Mother states the child has had a [[cough]] for two days.
.|He lives with his brother and has [[COPD]].
.|The family was present when [[seizure]] occurred.
.|Brought in by his son for [[altered mental status]].
.|Accompanied by her husband, she complains of [[fatigue]].
.|I discussed with patient and wife the [[biopsy]] result.
.|His mother died at 80. He has [[hypertension]].
.|Mother had breast cancer, and the patient has [[BRCA mutation]].
A|His mother denies [[fever]].
o|His roommate has [[mononucleosis]].
o|The donor was positive for [[CMV]].
o|A coworker had [[tuberculosis]].
o|Exposure to a person with [[meningitis]].
o|Exposed to a friend with [[strep throat]].
o|Patients with [[brain metastases]] are often treated with steroids.
.|The roommate reports he had a [[seizure]].
.|His neighbor found him with [[facial droop]].
.|Friend brought him in for [[intoxication]].
A|Examination of the neck reveals no [[jugular venous distention]].
A|Neck is supple with no [[bruits]] and no thyromegaly.
.|Neck: [[bruit]] on left, no thyromegaly.
A|HEENT: Pupils equal. No [[scleral icterus]].
A|GI: No nausea, vomiting, constipation, diarrhea, [[melena]], hematochezia.
A|She has not had any [[vaginal bleeding]].
A|She has had no recent [[travel]].
A|He had no bowel or bladder [[incontinence]].
A|The cultures have shown no [[growth]] to date.
A|The incision shows no evidence of [[dehiscence]].
A|No [[lesions]] were seen on colonoscopy.
.|No lesions were seen, and [[diverticula]] were numerous.
A|There is no [[pericardial effusion]] and the aorta is normal.
.|There is no pericardial effusion and the aorta is [[tortuous]].
A|Bones: no [[lytic lesion]] suspicious for metastasis.
A|Bones: no lytic lesion suspicious for [[metastasis]].
A|There is nothing to suggest [[malignancy]].
A|Tumor markers argue against [[germ cell tumor]].
A|No abnormality consistent with [[stroke]].
.|Findings consistent with [[stroke]].
O|Findings may be consistent with [[stroke]].
O|Questionable [[lucency]] of the tibia.
O|Fracture? vs [[growth plate]]
O|Possible mild [[pulmonary edema]].
.|[[Pulmonary edema]], possible effusion.
O|Suspected [[bowel obstruction]], will obtain films.
O|[[Leptomeningeal disease]] remains a possibility.
O|Evaluate for [[pneumothorax]].
O|She was sent for evaluation of possible [[TIA]].
O|Question of [[aspiration]].
O|Presumed [[sepsis]] of urinary source.
O|Symptoms are most likely [[musculoskeletal pain]].
O|It is unclear whether he has [[dementia]].
.|The patient was admitted for [[pneumonia]] and treated with levofloxacin.
.|Positive for [[MRSA]].
.|Complains of [[dizziness]].
.|Worsening [[ascites]] with no fever.
.|[[Ascites]] without tenderness.
.|[[Lesion]] is present; margins are clear.
.|The procedure was complicated by [[hematoma]].
.|There is [[cardiomegaly]] with no failure.
.|Diagnosis: [[squamous cell carcinoma]] of the tongue, no nodes.
.|Brain MRI: three [[metastases]], no hydrocephalus.
.|Under general anesthesia, the [[catheter]] was placed.
.|She has [[nausea]] for which she takes Zofran.
.|The [[tumor]] was adherent to the pleura without invasion.
A|The tumor was adherent to the pleura without [[invasion]].
A|There were no intraoperative [[complications]].
A|Specimen: sent. Drains: none. [[Packing]]: none.
.|Sponge counts correct; [[drain]] placed, no packing.
A|Cor: RRR, S1 S2, no S3, [[S4]], or murmur appreciated.
A|No palpable cervical, axillary or inguinal [[adenopathy]].
.|No palpable adenopathy; [[surgical scar]] well healed.
A|Patient specifically denies any [[orthopnea]], PND, or lower extremity swelling.
A|She did not lose [[consciousness]].
A|There is no longer any [[drainage]] from the port site.
A|[[Hemoptysis]] has not recurred.
.|Despite no fever, [[white count]] continues to rise.
A|CTA chest: no filling defect to suggest [[pulmonary embolus]].
A|No [[hydronephrosis]], stone, or mass in either kidney.
A|Liver and spleen unremarkable, without focal [[lesion]].
.|Mild [[splenomegaly]] without focal lesion.
A|Cranial nerves intact; no [[nystagmus]].
A|The patient has been free of [[chest pain]] since Tuesday.
A|He adamantly denied [[drug use]].
A|Patient is not [[suicidal]].
.|The patient is not eating well because of [[mucositis]].
.|No relief of [[nausea]] with Zofran.
.|She couldn't sleep because of [[itching]].
A|She never developed [[neutropenia]].
A|Blood cultures negative; [[endocarditis]] excluded by TEE.
A|There were no signs of [[peritonitis]] on exam.
A|No [[weakness]] or numbness in the arms or legs.
A|No weakness or [[numbness]] in the arms or legs.
.|No weakness in the arms, but the legs show [[spasticity]].
A|Tolerating diet; no [[nausea]]/vomiting.
A|Tolerating diet; no nausea/[[vomiting]].
A|no F/C/[[N/V]]
A|No [[rash]], no pruritus.
A|The bowel was inspected and no [[enterotomy]] was found.
A|Frozen section was negative for [[malignancy]].
.|Frozen section was positive for [[malignancy]].
A|No obvious [[bleeding]] was encountered and hemostasis was excellent.
.|No bleeding was encountered and the [[hernia]] was reduced.
A|The gallbladder was removed; there was no [[bile leak]].
A|Incision without [[erythema]], induration or drainage.
A|Incision without erythema, induration or [[drainage]].
.|Wound has [[erythema]] without induration.
A|Respirations unlabored, with no use of [[accessory muscles]].
A|No [[pacemaker]] or ICD in situ.
A|Patient does not have a [[pacemaker]].
A|[[Pregnancy]]: not applicable
A|[[Electron boost]] - not planned
A|[[Physics consult]] N/A.
.|Weekly physics check done; [[special consult]] done as well.
A|[[77370]] not billed.
A|Custom [[Cerrobend block]]: No
.|Custom [[Cerrobend block]]: Yes
A|Immobilization\tAlpha cradle\n[[Bolus]]\tNone
.|Immobilization\t[[Alpha cradle]]\nBolus\tNone
A|[x] Vac-lok  [ ] [[Aquaplast mask]]  [x] Wedge
.|[x] Vac-lok  [ ] Aquaplast mask  [x] [[Wedge]]
A|[[Respiratory gating]]: ( ) Yes (X) No
.|[[Respiratory gating]]: (X) Yes ( ) No
A|[[Fiducials]]: ☐ Yes ☒ No   SpaceOAR: ☒ Yes ☐ No
.|Fiducials: ☐ Yes ☒ No   [[SpaceOAR]]: ☒ Yes ☐ No
A|[[Tissue compensation]]: ____________
A|In vivo dosimetry was [[not done]] none
A|[[In vivo dosimetry]] could not be performed.
A|No request for [[physics consultation]] was made.
A|The physician did not order [[TLDs]].
A|Treatment given without [[image guidance]] today.
A|No [[CBCT]] was acquired today.
A|[[CBCT]] not acquired today, kV pair used.
.|CBCT not acquired today, [[kV pair]] used.
A|Deviation from [[prescription]]: none
.|No change to the [[prescription]].
.|No adverse reaction to [[contrast]].
A|No [[IV contrast]] was administered.
A|Exam was done without [[contrast]].
O|Cannot rule out [[radiation necrosis]].
O|Findings favor [[radiation necrosis]] over progression.
O|Findings could reflect [[pneumonitis]].
O|Nodule suspicious for [[primary lung cancer]].
O|A 5 mm nodule, possibly [[metastatic]].
O|Query [[DVT]].
O|[[DVT]] is a consideration.
O|Suspicion for [[recurrent disease]] is high.
O|Appears to have [[possible thrush]].
O|Probable UTI versus [[pyelonephritis]].
O|Low-grade [[glioma]] is in the differential.
O|We are concerned about [[leptomeningeal disease]].
O|It remains uncertain whether the [[lesion]] is malignant.
.|Biopsy confirmed [[adenocarcinoma]].
.|Findings compatible with [[emphysema]].
.|This represents [[progression]].
H|If you experience [[dizziness]], sit down.
H|Please come to the ER for [[uncontrolled pain]] or bleeding.
H|Please come to the ER for uncontrolled pain or [[bleeding]].
H|Return sooner if there is [[swelling]].
H|Oxycodone 5 mg every four hours as needed for [[breakthrough pain]].
H|Nitroglycerin sublingual p.r.n. [[chest pain]].
H|Zofran 4 mg IV q6h prn [[nausea]]/vomiting.
H|Zofran 4 mg IV q6h prn nausea/[[vomiting]].
H|Benadryl for [[itching]] prn.
H|The patient should call us with [[fevers]], chills or bleeding.
H|She will call if the [[rash]] spreads.
H|Have the patient return if [[abdominal pain]] recurs.
H|Side effects may include [[dermatitis]] and fatigue.
H|We discussed the risk of [[secondary malignancy]].
H|Potential toxicities including [[xerostomia]] were reviewed.
H|Imodium if [[diarrhea]] occurs.
H|Lovenox for [[PE]] prophylaxis.
H|Aspirin to prevent [[stroke]].
H|Notify MD for [[HR]] > 120 or SBP < 90.
H|Should [[hemorrhage]] occur, apply pressure.
H|Instructed to look out for [[redness]] at the site.
H|In case [[toxicity]] becomes severe, chemotherapy will stop.
H|Were he to develop [[neuropathy]], we would reduce the dose.
.|He was told to return but came with [[seizure]] today.
.|She came to the ER for [[vomiting]].
.|Percocet was given for [[pain]].
.|Patient seen for [[follow-up of breast cancer]].
h|PMHx: HTN, [[DM2]], CKD
h|Past Medical History: notable for [[hyperlipidemia]].
h|His past medical history includes [[peptic ulcer disease]] and gout.
h|Pt w/ hx of [[IVDU]].
h|77M with h/o [[AAA]] repair p/w syncope.
.|77M with h/o AAA repair p/w [[syncope]].
h|Known history of [[cirrhosis]].
h|62F s/p [[TAH/BSO]] 2010.
h|status post resection of a [[meningioma]] in 2007
h|Patient underwent [[lobectomy]] eight years ago.
h|Had [[rheumatic fever]] in childhood.
h|She was diagnosed with [[breast cancer]] in 2006.
h|He had previously received [[radiation]] to the neck.
h|There is a prior history of [[melanoma]].
h|Evidence of prior [[granulomatous disease]].
h|Old [[left MCA infarct]].
h|Her last [[seizure]] was three years ago.
h|[[Back surgery]] in the 1980s.
h|In 2002, the patient suffered a [[stroke]].
h|PSH: [[TURP]], hernia repair
h|PSH: TURP, [[hernia repair]]
h|Surgical history: [[appendectomy]]
h|Treated with [[mantle radiation]] for Hodgkin's disease in 1979.
h|Previous [[brachytherapy]] in June 2008.
h|Prior course of [[pelvic radiotherapy]] overlaps the present field.
h|[[Radiotherapy]] to the left hip, 30 Gy in 10 fractions, completed 14 months ago.
h|She has had [[migraines]] for many years.
h|History significant for [[tobacco abuse]].
h|5-year history of [[urinary incontinence]].
.|One-day history of [[hematuria]].
.|Yesterday he had a [[syncopal episode]].
.|Since last night he has had [[vomiting]].
.|Four days ago she noticed [[swelling]].
.|HPI: 54 yo with [[chest pain]] x 2 hours.
.|History obtained from EMS; patient with [[seizure]].
.|60 years old with [[melanoma]].
.|Man with a history of diabetes who came in with [[foot ulcer]].
.|A woman with history of breast cancer is seen for [[new back pain]].
Ah|No past history of [[stroke]].
Ah|No prior [[chemotherapy]] or radiation.
Ah|No prior chemotherapy or [[radiation]].
Ah|He has no history of [[collagen vascular disease]].
A*|[[Prior radiation]]: None
A*|[[Previous RT]]? No
p|Plan for [[daily CBCT]].
p|We will proceed with [[SBRT]].
p|Will start [[IMRT]] once the plan is approved.
p|Tentatively scheduled for [[seed implant]] on 5/6.
p|[[VMAT]] is recommended.
p|He would benefit from [[palliative radiation]].
p|[[Port placement]] is scheduled for tomorrow.
p|Requested [[physics]] to evaluate the pacemaker dose.
p|Physician order: [[diode measurement]] first fraction.
p|Referral to [[dental oncology]].
p|We are considering [[re-irradiation]].
p|MRI pending; [[fusion]] to follow.
p|[[Whole brain radiation]] is to start Monday.
.|Plan reviewed; [[wedge]] in place.
.|She started [[radiation]] yesterday.
.|He has received [[20 Gy]] to date and will continue.
.|[[Simulation]] was completed today; treatment will start next week.
f|Mother: [[glaucoma]]
f|Mom has [[thyroid disease]].
f|Paternal grandfather with [[prostate cancer]].
f|Positive family history for [[ovarian cancer]] in two aunts.
f|FH: father [[MI]] at 45, mother DM
f|FH: father MI at 45, mother [[DM]]
f|Family history significant for a sister with [[leukemia]].
f|Her grandmother died from [[colon cancer]].
f|There is [[hemophilia]] in the family.
f|[[CAD]] in both parents.
f|Siblings are healthy except for a brother with [[epilepsy]].
f|One cousin had [[pancreatic cancer]].
Af|No family history of early [[CAD]].
Af|Parents without [[cancer]].
Af|Family history: no [[bleeding disorders]].
.|His daughter reports that he had [[chills]].
.|The patient's wife called to report [[bleeding]].
.|According to his sister, he has a [[tremor]].
.|Her mother is concerned about the [[weight loss]].
.|She takes care of her husband and has [[fatigue]].
.|Husband is at bedside. [[Pain]] controlled.
o|Her boyfriend has [[gonorrhea]].
o|Roommate was diagnosed with [[scabies]].
o|Sick contacts at home with [[diarrhea]].
o|The kidney donor had [[hypertension]].
o|Patients who receive SBRT may develop [[rib fracture]].
.|Graft from unrelated donor; [[GVHD]] of skin.
.|Neighbor called EMS when he had [[seizure]].
.|No modification of the [[treatment plan]] is needed.
`.split('\n').filter((line) => line !== '').map((line) => {
  const bar = line.indexOf('|')
  return { code: line.slice(0, bar), written: line.slice(bar + 1).replaceAll('\\n', '\n').replaceAll('\\t', '\t') }
})

/** Sentences with several targets, each `[[words|code]]`; code `*` is not judged. */
export const PASSAGES: readonly Case[] = String.raw`
The patient is a 73-year-old gentleman with a history of [[coronary artery disease|h]], status post [[bypass grafting|h]] in 1994, [[hypertension|h]], and [[chronic renal insufficiency|h]] who presented to the emergency room with three days of [[shortness of breath|.]] and [[orthopnea|.]] but no [[chest pain|A]].
She denies any [[fevers|A]], [[chills|A]], [[night sweats|A]], or [[weight loss|A]], although she has noticed some [[fatigue|.]].
On arrival he was [[hypotensive|.]] and [[tachycardic|.]], and an EKG showed no [[ischemic changes|A]].
CT scan of the abdomen and pelvis demonstrated [[diverticulitis|.]] without [[abscess|A]] or [[free air|A]].
His family history is notable for [[colon cancer|f]] in his father and [[diabetes|f]] in his mother.
He has a 40 pack-year [[smoking|.]] history and drinks socially.
There was a small [[pleural effusion|.]] on the left, possibly related to [[heart failure|O]], with no evidence of [[pneumothorax|A]].
She was given instructions to return for [[fever|H]], [[increasing abdominal pain|H]], or [[inability to eat|H]].
The patient was started on heparin for [[atrial fibrillation|.]], and [[myocardial infarction|A]] was ruled out.
Chest x-ray was obtained to rule out [[pneumonia|O]] and showed [[cardiomegaly|.]] only.
The patient had a prior [[stroke|h]] in 2001 with residual left-sided [[weakness|*]].
Mother is alive with [[hypertension|f]]; father died of [[lung cancer|f]].
Review of systems is negative for [[headache|A]], [[visual loss|A]], [[dysphagia|A]], [[chest pain|A]], and positive for [[joint pain|.]].
There were no [[complications|A]] and the patient was transferred to the recovery room in [[stable condition|.]].
The right lower quadrant was explored and the [[appendix|.]] was found to be [[inflamed|.]] without [[perforation|A]].
After [[anesthesia|.]] was induced, the patient was prepped and [[draped|.]] in the usual sterile fashion.
He will be discharged on oxycodone as needed for [[pain|H]] and Colace for [[constipation|.]].
The patient has had [[diabetes|h]] for many years, complicated by [[neuropathy|*]].
Patient with known [[metastatic breast cancer|.]] here for evaluation of [[back pain|.]]; no [[bowel incontinence|A]] or [[saddle anesthesia|A]].
She does not recall any [[trauma|A]] and has never had similar [[symptoms|A*]].
Labs were significant for [[anemia|.]] and [[leukocytosis|.]] with no [[left shift|A]].
The patient has no known [[drug allergies|A]] and takes aspirin for [[heart disease|.]].
Impression: 1. [[Cellulitis|.]]. 2. No [[osteomyelitis|A]]. 3. Possible [[gout|O]].
The patient's [[cough|.]] has not improved with azithromycin, and she continues to have [[wheezing|.]].
Cardiac: regular rate and rhythm, no [[murmur|A]]. Lungs: bibasilar [[crackles|.]], no [[wheezes|A]]. Abdomen: soft, no [[masses|A]].
The tumor measured 3 cm with no [[lymphovascular invasion|A]], negative [[margins|*]], and 2 of 14 [[positive nodes|.]].
Should there be any [[bleeding|H]] from the site, she will apply pressure and call for [[worsening|H]].
A 58-year-old woman s/p [[lumpectomy|h]] and [[chemotherapy|h]] presents for consultation regarding [[adjuvant radiation|p]].
She has no prior history of [[radiation|Ah]], [[scleroderma|Ah]], or [[lupus|Ah]], and no [[pacemaker|A]].
We discussed [[hypofractionated radiation|p]] and she agreed; [[CT simulation|p]] will be performed on Thursday.
The risks, including [[skin reaction|H]], [[lung fibrosis|H]], and [[rib fracture|H]], were explained to her and her husband.
Treatment plan: [[IMRT|p]] was selected over [[3D conformal|*]] because of [[proximity to the heart|*]].
Daily [[cone-beam CT|.]] was performed prior to treatment and no [[shift|A]] greater than 5 mm was needed.
The patient completed [[radiation|.]] on schedule with grade 1 [[dermatitis|.]] and no [[esophagitis|A]].
A [[special physics consult|p]] is requested because of the patient's [[pacemaker|.]].
The pacemaker dose was estimated; [[in vivo dosimetry|A]] was not felt to be necessary.
[[Bolus|.]] 1 cm was applied over the scar; no [[wedges|A]] or [[compensators|A]] were used.
She was seen two years ago for [[melanoma|h]] of the back treated with [[wide excision|h]].
In November 2003, she underwent [[hysterectomy|h]] for [[fibroids|h]].
He reports that his brother had a [[brain tumor|f]] and that he himself has [[headaches|.]].
Per report, the patient's roommate had been ill with [[pneumonia|o]] and the patient then developed [[cough|.]].
No [[pulmonary nodules|A]], [[infiltrates|A]], or [[effusions|A]]; stable [[granuloma|.]] on the right; old [[rib fracture|h]].
There has been interval resolution of the [[effusion|A]].
If the [[headaches|H]] persist or he develops [[seizures|H]], an MRI will be obtained.
There is mild [[tenderness|.]] in the epigastrium but no [[rebound|A]] and no [[guarding|A]].
Patient is an 81-year-old woman with dementia, unable to give history, who was found with [[altered mental status|.]].
Pain is not worse with [[movement|*]], denies [[paresthesias|A]].
Neurologic exam was nonfocal except for [[left facial droop|.]].
There is no question that the [[infection|.]] is improving.
The patient was admitted with [[chest pain|.]], thought likely to be [[musculoskeletal|O]].
It was felt that the [[syncope|.]] was not due to [[arrhythmia|A]].
Past Medical History: Significant for [[hypothyroidism|h]], [[osteoarthritis|h]]. No history of [[cancer|Ah]].
Ultrasound was negative for [[gallstones|A]] but showed [[fatty liver|.]].
Denies use of [[alcohol|A]] or [[illicit drugs|A]].
Last month he was hospitalized for [[pancreatitis|h]].
Her [[asthma|.]] is well controlled, and she has not required [[steroids|A]].
Tylenol for [[fever|H]] greater than 101 p.r.n.
The [[abscess|.]] was drained; cultures grew [[MRSA|.]]; there was no evidence of [[bone involvement|A]].
Absent [[breath sounds|A]] on the left with [[tracheal deviation|.]].
The patient was afebrile, without [[complaints|A]], and tolerating a [[regular diet|.]].
PREOPERATIVE DIAGNOSIS: Left [[inguinal hernia|.]].
The peritoneum was entered without [[injury|A]] to the bowel and the [[adhesions|.]] were lysed sharply.
A careful search revealed no [[Meckel diverticulum|A]] or other [[abnormality|A]].
The patient tolerated the procedure well and there were no immediate [[complications|A]].
He has been having intermittent [[palpitations|.]] for two weeks, not associated with [[exertion|A]] or [[syncope|A]].
She has a remote history of [[deep venous thrombosis|h]] but is not currently on [[Coumadin|A]].
Examination of the head showed no [[lacerations|A]], no [[Battle sign|A]], and no [[raccoon eyes|A]]; there was a [[hematoma|.]] over the left brow.
Given her history of [[breast cancer|h]], a bone scan was obtained which showed no [[metastases|A]].
No focal [[consolidation|A]] is seen; heart size is [[enlarged|.]].
There is no change in the [[nodule|.]], and no new [[nodules|A]] are identified.
Neither [[ureter|*]] is dilated, and no [[calculus|A]] is present.
Findings are most consistent with [[pulmonary edema|.]]; superimposed [[infection|O]] cannot be excluded.
Compared with the prior examination, the [[effusion|A]] has resolved.
IMPRESSION: No acute [[cardiopulmonary process|A]]. Old healed [[granulomatous disease|h]].
The patient is a nonsmoker, does not use [[illicit drugs|A]], and rarely drinks [[alcohol|.]].
The patient denied [[homicidal ideation|A]] but endorsed [[suicidal ideation|.]] last week.
He had an episode of [[vomiting|.]] this morning without [[blood|A]].
There has been no [[hematuria|A]], [[dysuria|A]], or change in [[urinary frequency|A]].
On physical exam there was [[edema|.]] of the right leg, negative [[Homans sign|A]], and no [[cords|A]].
The [[rash|.]] is not painful or [[pruritic|A]].
Pathology demonstrated [[invasive ductal carcinoma|.]], ER positive, with no evidence of [[nodal involvement|A]].
The patient underwent [[stress test|.]] which was negative for [[ischemia|A]].
Lower extremity Dopplers were negative for [[DVT|A]].
MRI brain failed to demonstrate [[acute infarct|A]], though [[small vessel disease|.]] was present.
The patient was ruled out for [[MI|A]] with three sets of negative enzymes and had no further [[chest pain|A]].
His INR was supratherapeutic but there was no [[bleeding|A]].
He is allergic to penicillin, which causes [[hives|.]].
Daughter states that patient has not had any [[falls|A]] but has become more [[confused|.]].
Her husband had [[colon cancer|f]] and she worries about [[colonoscopy|*]].
Social history is negative for [[tobacco|A]] and [[alcohol|A]].
Brother died at age 40 of [[sudden cardiac death|f]].
There is a family history of [[thyroid cancer|f]] and [[goiter|f]].
Family history is noncontributory. She has [[migraines|.]].
The patient has had prior [[surgery|h]] for [[scoliosis|h]] as a teenager.
He was in his usual state of health until four days ago when he developed [[diarrhea|.]].
Approximately 6 months ago he noted a [[neck mass|h]].
PAST SURGICAL HISTORY: [[Tonsillectomy|h]], [[hernia repair|h]] in 1985, and [[cataract surgery|h]].
The patient previously underwent [[cholecystectomy|h]] and has no [[gallbladder|A]].
He has been off [[chemotherapy|*]] since last year.
Call MD for [[weight gain|H]] of more than 3 pounds, [[shortness of breath|H]], or [[swelling|H]].
She should return to clinic if she has any [[vaginal bleeding|H]], [[fever|H]], or [[foul discharge|H]].
Please return for any [[numbness|H]], [[tingling|H]], or [[weakness|H]] of the hand.
She may take Tylenol for [[pain|*]].
Patient was advised to seek medical care if [[symptoms|H]] recur.
The patient was told that if she develops [[hives|H]] she should stop the antibiotic.
Morphine 2 mg IV every 2 hours p.r.n. severe [[pain|H]].
Ativan 1 mg at bedtime as needed for [[sleep|H]] or [[anxiety|H]].
The patient is at high risk for [[pressure ulcers|H]].
Differential includes [[pneumonia|O]], [[pulmonary embolism|O]], and [[heart failure|O]].
It is unclear if this is [[cellulitis|O]] or [[stasis dermatitis|O]].
There is a questionable [[nodule|O]] versus [[vessel|O]] in the lingula.
She was felt to have likely [[viral syndrome|O]] and no [[bacterial infection|A]].
Workup for [[sarcoidosis|A]] has been negative to date.
Urinalysis was unremarkable, without [[nitrites|A]] or [[leukocyte esterase|A]].
He has no [[chest pain|A]] now, although he had [[chest pressure|.]] in the ambulance.
Skin: No [[rashes|A]] other than [[eczema|.]] on the arms.
Bowel sounds are present, there is no [[organomegaly|A]] and the [[liver|.]] is tender.
Patient is awake, alert and in no acute [[distress|A]] with mild [[wheezing|.]].
Her [[nausea|.]] was not controlled despite Zofran.
There was no response to [[naloxone|*]], and [[respiratory failure|.]] developed.
No one else at home has been [[sick|*]].
The mass does not invade the [[chest wall|*]] and there is no [[adenopathy|A]].
The patient cannot recall having [[measles|*]] as a child.
Simulation: supine, [[Vac-Lok|.]] used, no [[contrast|A]], 4DCT acquired with no [[abdominal compression|A]].
Motion management: [[DIBH|A]] not tolerated; [[free breathing|.]] used.
The patient did not tolerate [[the mask|.]].
Prior RT: None. [[Pacemaker|A]]: None. [[Connective tissue disease|A]]: None.
The patient has not received [[prior radiation|Ah]] to this area.
The patient's [[lung cancer|.]] has not spread to the [[liver|A]].
No [[re-irradiation|A]] of the cord, as the prior field at T4 does not overlap.
IMRT is required since [[3D conformal|*]] plans could not spare the parotids.
Although [[IMRT|*]] was considered, [[electrons|*]] will be used.
Port films were reviewed; no [[adjustments|A]] needed.
The [[boost|A]] was not given because of [[skin breakdown|.]].
Patient was treated to the [[pelvis|.]], 45 Gy, without [[concurrent cisplatin|A]].
Concurrent [[cisplatin|A]] held for week 4 due to [[neutropenia|.]].
No [[treatment breaks|A]]; completed all [[35 fractions|.]].
Mr. Jones is a 61-year-old man with [[esophageal cancer|.]] and a history of [[gout|h]] who was brought in by ambulance after a [[syncopal episode|.]].
He did not hit his head and had no [[incontinence|A]] or [[tongue biting|A]].
Vital signs stable, patient in no [[respiratory distress|A]], oropharynx without [[exudate|A]], neck with [[tender nodes|.]].
The troponin was elevated but EKG did not show [[STEMI|A]].
We were unable to identify any [[source of bleeding|A]].
The sigmoid was [[edematous|.]]; there was no gross [[contamination|A]], and the [[fascia|.]] was closed with Vicryl.
Left lung base opacity may reflect [[atelectasis|O]], although [[pneumonia|O]] is possible.
There is no mediastinal or hilar [[lymphadenopathy|A]], but [[calcified granulomas|.]] are present.
Previously seen [[right apical nodule|.]] is stable.
Patient has never had a [[mammogram|A]].
She had been treated for [[pneumonia|h]] three months earlier.
The patient reports a 2-day history of [[dysuria|.]] and denies [[flank pain|A]].
Both parents had [[hypertension|f]], and a paternal aunt had [[ovarian cancer|f]].
The patient's sister was here and stated that he had a [[seizure|.]] at home.
He lives with a roommate who has [[hepatitis C|o]].
Take Vicodin every six hours as needed for [[pain|H]]. Do not drive.
Please call with any questions or if you notice [[redness|H]] or [[drainage|H]].
Follow-up with oncology for [[lymphoma|.]].
If the cultures are positive for [[MRSA|H]], vancomycin will be started.
The patient was placed on CIWA protocol to monitor for [[alcohol withdrawal|H]].
No evidence of [[PE|A]], [[dissection|A]] or [[aneurysm|A]] on CTA.
The [[ulcer|.]] was biopsied and was not [[bleeding|A]].
He had an uneventful recovery with no [[wound infection|A]], [[ileus|A]], or [[fever|A]], and was discharged with [[home oxygen|.]].
Although she denied [[depression|A]], she seemed [[tearful|.]].
[[Hepatitis B|A]] surface antigen was negative.
He was found not to have [[cancer|A]].
The patient no longer has [[hot flashes|A]].
Her [[hot flashes|.]] are no worse.
She had [[chemotherapy|h]] in the past but not [[radiation|A]].
Radiation was previously recommended but [[he declined it|*]].
Consult requested by Dr. Smith for [[prostate cancer|.]], Gleason 7, with no [[extracapsular extension|A]].
The gantry was cleared; no [[collisions|A]] were noted, and [[treatment|.]] was delivered.
In vivo [[diode readings|.]] were within 3 percent; no [[repeat measurement|A]] was required.
The dosimetrist will generate a [[composite plan|p]] with the prior course.
[[Hyperthermia|A]] was not given with this fraction.
Physics was not consulted regarding the [[defibrillator|.]].
Treatment will be delivered with [[6 MV photons|p]], no [[bolus|Ap]].
[[Special dosimetry|A]]: Not ordered. [[Port films|.]]: Weekly.
Is the patient pregnant? No. Does the patient have a [[pacemaker|A]]? No.
[[Heterogeneity correction|.]]: On. [[Wedges|A]]: Off.
Clinical trial: [ ] Yes [x] No    [[Pacemaker|.]]: [x] Yes [ ] No
Hx: 70M, [[CLL|h]], [[AF|h]], presents w/ [[epistaxis|.]], no [[trauma|A]].
Fever: denies. [[Cough|.]]: productive. [[Hemoptysis|A]]: denies.
No [[h/o DVT|Ah]] or [[PE|Ah]].
`.split('\n').filter((line) => line !== '').flatMap((line) => {
  const parts = [...line.matchAll(/\[\[([^|\]]+)\|([^\]]+)\]\]/g)]
  const plain = (text: string): string => text.replace(/\[\[([^|\]]+)\|[^\]]+\]\]/g, '$1')
  return parts.filter((part) => part[2] !== '*').map((part): Case => ({
    code: part[2] as string,
    written: `${plain(line.slice(0, part.index))}[[${part[1]}]]${plain(line.slice(part.index + part[0].length))}`,
  }))
})

/** What is still read wrongly; the test fails when one of them is mended, so that it moves up. */
export const KNOWN_GAPS: readonly Case[] = [
  { code: 'O', written: 'Sent to the ED for evaluation of [[DVT]].' },
  { code: 'p', written: 'Patient to return for [[simulation]].' },
]
