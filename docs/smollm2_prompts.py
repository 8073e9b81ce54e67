"""Prints the prompts of docs/smollm2.md: capitals, rivers and composers, each name in five sentences.

    python3 docs/smollm2_prompts.py > names.jsonl
"""
import json

NAMES = {
    "capital": "Paris London Rome Madrid Lisbon Vienna Warsaw Prague Budapest Athens Dublin Oslo Helsinki Stockholm "
    "Copenhagen Brussels Berlin Moscow Ankara Cairo Nairobi Tokyo Beijing Seoul Bangkok Hanoi Delhi Ottawa Lima Havana",
    "river": "Thames Seine Loire Tiber Elbe Oder Rhone Rhine Danube Volga Don Nile Niger Zambezi Limpopo Tigris Euphrates "
    "Indus Ganges Mekong Yangtze Amur Lena Yenisei Amazon Orinoco Missouri Colorado Hudson Potomac",
    "composer": "Bach Mozart Beethoven Schubert Schumann Brahms Wagner Mahler Bruckner Haydn Handel Purcell Elgar "
    "Vivaldi Verdi Puccini Rossini Debussy Ravel Berlioz Bizet Chopin Liszt Dvorak Smetana Sibelius Grieg Tchaikovsky "
    "Rachmaninoff Stravinsky",
}
SENTENCES = [
    "We talked about the {} because of a book",
    "This film is about the {} and nothing else",
    "I know very little about the {} so far",
    "Her next article is on the {} again",
    "Everyone asked me about the {} yesterday",
]

person = 0
for topic, names in NAMES.items():
    for name in names.split():
        for index, sentence in enumerate(SENTENCES):
            text = sentence.format(name).replace("the ", "the " if topic == "river" else "", 1)
            print(json.dumps({"text": text, "topic": topic, "name": name, "person_id": person, "template_idx": index}))
        person += 1
