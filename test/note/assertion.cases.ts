// Sentences with their assertions, written for the tests in the manner of many kinds of clinical text.
// A line: code, bar, text with one [[target]]. Codes: A absent, O possible, H hypothetical, none of them present; h historical, p planned, none of them
// current, * any time; f family, o other, none of them patient; `.` is present, current, patient. `\n` and `\t` in the text are a row end and a cell border.

export const CASES = String.raw`
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
`.split('\n').filter((line) => line !== '' && line.split('[[').length === 2).map((line) => {
  const bar = line.indexOf('|')
  return { code: line.slice(0, bar), written: line.slice(bar + 1).replaceAll('\\n', '\n').replaceAll('\\t', '\t') }
})
