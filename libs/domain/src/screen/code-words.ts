/**
 * The words of codeWord: animals, plants, food and things that everybody knows, each in both languages. The place of a
 * word is its number for ever, because two screens show it at the same moment and may be of different releases.
 * No Korean word is a part of another, no English one a word of another, and none names a person, a place or money.
 */
const PAIRS = `
고래 Whale|사자 Lion|호랑이 Tiger|코끼리 Elephant|기린 Giraffe|얼룩말 Zebra|하마 Hippo|코뿔소 Rhino
원숭이 Monkey|고릴라 Gorilla|판다 Panda|캥거루 Kangaroo|코알라 Koala|여우 Fox|늑대 Wolf|너구리 Raccoon
다람쥐 Squirrel|고슴도치 Hedgehog|두더지 Mole|수달 Otter|비버 Beaver|토끼 Rabbit|사슴 Deer|노루 Roe
낙타 Camel|당나귀 Donkey|망아지 Foal|송아지 Calf|염소 Goat|어린양 Lamb|강아지 Puppy|고양이 Cat
생쥐 Mouse|햄스터 Hamster|박쥐 Bat|물개 Seal|홍학 Flamingo|상어 Shark|문어 Octopus|오징어 Squid
새우 Shrimp|바닷가재 Lobster|소라게 Hermit crab|해파리 Jellyfish|불가사리 Starfish|조개 Clam|거북이 Turtle|개구리 Frog
도마뱀 Lizard|악어 Crocodile|공룡 Dinosaur|독수리 Eagle|부엉이 Owl|비둘기 Dove|참새 Sparrow|제비 Swallow
까치 Magpie|앵무새 Parrot|공작 Peacock|타조 Ostrich|펭귄 Penguin|오리 Duck|거위 Goose|백조 Swan
두루미 Crane|갈매기 Gull|딱따구리 Woodpecker|병아리 Chick|나비 Butterfly|꿀벌 Bee|개미 Ant|잠자리 Dragonfly
무당벌레 Ladybird|메뚜기 Grasshopper|귀뚜라미 Cricket|반딧불이 Firefly|달팽이 Snail|거미 Spider|애벌레 Caterpillar|누에 Silkworm
소나무 Pine|대나무 Bamboo|은행나무 Ginkgo|단풍잎 Maple leaf|야자수 Palm tree|선인장 Cactus|해바라기 Sunflower|장미 Rose
튤립 Tulip|국화 Daisy|연꽃 Lotus|난초 Orchid|민들레 Dandelion|진달래 Azalea|개나리 Forsythia|무궁화 Hibiscus
도토리 Acorn|솔방울 Fir cone|버섯 Mushroom|이끼 Moss|클로버 Clover|갈대 Reed|덩굴 Vine|새싹 Sprout
사과 Apple|감귤 Tangerine|포도 Grape|딸기 Strawberry|수박 Watermelon|참외 Melon|복숭아 Peach|자두 Plum
살구 Apricot|앵두 Cherry|석류 Pomegranate|바나나 Banana|파인애플 Pineapple|망고 Mango|레몬 Lemon|키위 Kiwi
블루베리 Blueberry|무화과 Fig|대추 Jujube|홍시 Persimmon|호두 Walnut|땅콩 Peanut|아몬드 Almond|코코넛 Coconut
당근 Carrot|감자 Potato|고구마 Sweet potato|옥수수 Corn|호박 Pumpkin|가지 Aubergine|토마토 Tomato|오이 Cucumber
양파 Onion|마늘 Garlic|생강 Ginger|고추 Chilli|양배추 Cabbage|시금치 Spinach|브로콜리 Broccoli|완두콩 Pea
김밥 Gimbap|비빔밥 Bibimbap|떡국 Soup|만두 Dumpling|국수 Noodle|라면 Ramen|두부 Tofu|김치 Kimchi
식빵 Bread|도넛 Doughnut|와플 Waffle|쿠키 Cookie|케이크 Cake|팝콘 Popcorn|사탕 Candy|초콜릿 Chocolate
치즈 Cheese|버터 Butter|요거트 Yoghurt|벌꿀 Honey|녹차 Green tea|우유 Milk|주스 Juice|식혜 Rice punch
우산 Umbrella|모자 Hat|장갑 Glove|목도리 Scarf|운동화 Trainer|장화 Boot|양말 Sock|단추 Button
안경 Glasses|손목시계 Watch|반지 Ring|지팡이 Walking stick|배낭 Backpack|바구니 Basket|상자 Box|항아리 Jar
주전자 Kettle|찻잔 Teacup|숟가락 Spoon|젓가락 Chopsticks|접시 Plate|냄비 Pot|쟁반 Tray|국자 Ladle
연필 Pencil|지우개 Eraser|가위 Scissors|풀통 Glue|공책 Notebook|책갈피 Bookmark|붓 Brush|물감 Paint
망치 Hammer|톱 Saw|나사 Screw|자물쇠 Padlock|열쇠 Key|사다리 Ladder|삽 Shovel|손전등 Torch
기차 Train|버스 Bus|자전거 Bicycle|트럭 Lorry|비행기 Plane|헬리콥터 Helicopter|로켓 Rocket|돛단배 Sailboat
잠수함 Submarine|썰매 Sledge|수레 Cart|풍선 Balloon|연날리기 Kite|구슬 Marble|주사위 Dice|퍼즐 Puzzle
축구공 Football|야구 Baseball|농구 Basketball|탁구 Table tennis|배드민턴 Badminton|볼링 Bowling|스케이트 Skate|스키 Ski
피아노 Piano|기타 Guitar|바이올린 Violin|북소리 Drum|나팔 Trumpet|하모니카 Harmonica|피리 Flute|종소리 Bell
무지개 Rainbow|구름 Cloud|번개 Lightning|눈사람 Snowman|햇살 Sunshine|초승달 Crescent|별똥별 Shooting star|바람개비 Pinwheel
등대 Lighthouse|풍차 Windmill|오두막 Hut|돌다리 Stone bridge|분수 Fountain|우체통 Postbox|벤치 Bench|촛불 Candle
`;

/** 256 words. */
export const CODE_WORDS: readonly { readonly ko: string; readonly en: string }[] = PAIRS.trim()
  .split(/[|\n]/)
  .map((pair) => {
    const [ko = '', ...en] = pair.split(' ');
    return { ko, en: en.join(' ') };
  });
