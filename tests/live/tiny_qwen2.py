"""Make a tiny Qwen2 with random weights, so that a real engine can be tested offline in seconds.

    python tests/live/tiny_qwen2.py DIR
    python tests/live/tiny_qwen2.py --endless DIR    one that talks slowly, until max_tokens

The model is noise, but everything around it is real: tokenizer, ChatML template, weights on disk,
`config.json`. Needs torch, transformers and tokenizers; knows nothing of the rest of the project,
so any environment's Python can run it. A folder made by transformers 5 is not promised to load in
transformers 4: let the environment that loads it make it.
"""

from __future__ import annotations

import argparse
import itertools
import random
from pathlib import Path
from typing import Any

SEED = 20260719
VOCABULARY = 4000
SENTENCES = 4000
# Chosen by trial, together with the seed. For 160 prompts of up to 2,100 tokens the median answer
# has 18 tokens, 12 in 13 end within 128 tokens and one in a hundred is empty.
INITIALIZER_RANGE = 0.1
ENDER_SCALE = 2.5
END_OF_TEXT, IM_START, IM_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"

CHAT_TEMPLATE = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)

# What the tokenizer learns from: sentences put together from the rows below. One row is the same
# part in en | zh-CN | zh-TW | ko.
SUBJECTS = """
The teacher|老师|老師|선생님은
The engineer|工程师|工程師|기술자는
My younger sister|我妹妹|我妹妹|내 여동생은
The old librarian|年老的图书管理员|年老的圖書館員|나이 든 사서는
The bus driver|公交车司机|公車司機|버스 기사는
A curious student|一个好奇的学生|一個好奇的學生|호기심 많은 학생은
The doctor|医生|醫生|의사는
Our neighbour|我们的邻居|我們的鄰居|우리 이웃은
The gardener|园丁|園丁|정원사는
The museum guide|博物馆讲解员|博物館導覽員|박물관 안내원은
The baker|面包师|麵包師傅|제빵사는
The programmer|程序员|程式設計師|프로그래머는
The judge|法官|法官|판사는
The young farmer|年轻的农民|年輕的農夫|젊은 농부는
The chemist|化学家|化學家|화학자는
The history class|历史班|歷史班|역사 수업 학생들은
"""
ACTIONS = """
counts the apples in the basket|数篮子里的苹果|數籃子裡的蘋果|바구니 속 사과를 센다
draws a triangle with two equal sides|画一个等腰三角形|畫一個等腰三角形|이등변 삼각형을 그린다
explains the answer step by step|一步一步地解释答案|一步一步地解釋答案|정답을 차근차근 설명한다
reads a long letter aloud|大声朗读一封长信|大聲朗讀一封長信|긴 편지를 소리 내어 읽는다
chooses the correct option|选择正确的选项|選擇正確的選項|올바른 보기를 고른다
measures the temperature of the water|测量水的温度|測量水的溫度|물의 온도를 잰다
writes a short program|编写一个简短的程序|寫一個簡短的程式|짧은 프로그램을 작성한다
buys three tickets for the train|买三张火车票|買三張火車票|기차표 세 장을 산다
compares two ancient coins|比较两枚古代硬币|比較兩枚古代硬幣|옛날 동전 두 개를 비교한다
forgets the name of the river|忘记了那条河的名字|忘記了那條河的名字|강의 이름을 잊어버린다
repairs a broken window|修理一扇破窗户|修理一扇破窗戶|깨진 창문을 고친다
solves an equation with one unknown|解一个一元方程|解一個一元方程式|미지수가 하나인 방정식을 푼다
translates a question|把问题翻译成另一种语言|把問題翻譯成另一種語言|질문을 다른 언어로 번역한다
studies the structure of the cell|研究细胞的结构|研究細胞的結構|세포의 구조를 연구한다
plants tomatoes and beans|种西红柿和豆子|種番茄和豆子|토마토와 콩을 심는다
checks the network connection|检查网络连接|檢查網路連線|네트워크 연결을 확인한다
"""
CIRCUMSTANCES = """
before breakfast|在早饭前|在早餐前|아침 식사 전에
after the meeting|会议之后|會議之後|회의가 끝난 뒤에
every Wednesday evening|每个星期三晚上|每個星期三晚上|매주 수요일 저녁에
without any help|没有任何帮助地|沒有任何幫助地|아무 도움 없이
in the quiet garden|在安静的花园里|在安靜的花園裡|조용한 정원에서
near the railway station|在火车站附近|在火車站附近|기차역 근처에서
with great care|非常小心地|非常小心地|아주 조심스럽게
during the winter holiday|在寒假期间|在寒假期間|겨울 방학 동안
for the first time|第一次|第一次|처음으로
because the rain has stopped|因为雨停了|因為雨停了|비가 그쳤기 때문에
at the university|在大学里|在大學裡|대학교에서
on the second floor|在二楼|在二樓|이층에서
"""
# Shapes of benchmark items and of structured answers; {a} and {b} are numbers.
SHAPES = (
    "What is {a} plus {b}? Answer: {a}",
    "Question: which number is larger, {a} or {b}? A. {a} B. {b} C. both D. neither",
    "{a}加{b}等于多少?答案是{a}。",
    "下列哪個數字比較大?(A) {a} (B) {b} (C) 一樣大 (D) 無法判斷",
    "{a} 더하기 {b}는 얼마입니까? 정답: {a}",
    '{{"translation":"{a}","options":["{a}","{b}"]}}',
    "Translate the following text from English into Traditional Chinese. Keep $x^{a}$ and `{b}`.",
    "def add(a, b):\n    return a + b  # {a}\n#### {b}",
)


def corpus() -> list[str]:
    """Return the training text of the tokenizer: the same sentences on every machine."""
    parts = [
        [row.split("|") for row in table.strip().splitlines()]
        for table in (SUBJECTS, ACTIONS, CIRCUMSTANCES)
    ]
    draw = random.Random(SEED)
    lines: list[str] = []
    for who, does, how in draw.sample(list(itertools.product(*parts)), SENTENCES // 4):
        lines.append(f"{who[0]} {does[0]} {how[0]}.")
        lines.extend(f"{who[side]}{how[side]}{does[side]}。" for side in (1, 2))
        lines.append(f"{who[3]} {how[3]} {does[3]}.")
        shape = draw.choice(SHAPES)
        lines.append(shape.format(a=draw.randint(0, 999), b=draw.randint(0, 999)))
    return lines


def make_tokenizer() -> Any:
    """Return a byte-level BPE tokenizer (so it can write any text) with the ChatML template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[END_OF_TEXT, IM_START, IM_END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        max_token_length=12,  # without it, whole Chinese clauses of our few rows become one token
        show_progress=False,
    )
    core.train_from_iterator(corpus(), trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        eos_token=IM_END,
        pad_token=END_OF_TEXT,
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
    )


def make_model(tokenizer: Any, *, endless: bool = False) -> Any:
    """Return a random Qwen2 in bfloat16 that ends its answers, or, when `endless`, never does.

    The endless one has more layers and so takes some milliseconds per token. The other is so fast
    that vLLM's HTTP side, busy with its tokens, notices only after a second that a client left.
    """
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(SEED)
    end = tokenizer.convert_tokens_to_ids(IM_END)
    model = Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(tokenizer),
            hidden_size=128,
            intermediate_size=256,
            num_hidden_layers=24 if endless else 2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=32768,
            tie_word_embeddings=False,
            initializer_range=INITIALIZER_RANGE,
            eos_token_id=end,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    shape_answers(model, tokenizer, ender_scale=0.0 if endless else ENDER_SCALE)
    model.generation_config.eos_token_id = end
    return model.to(torch.bfloat16).eval()


def shape_answers(model: Any, tokenizer: Any, *, ender_scale: float) -> None:
    """Give the output layer preferences, so that an answer is printable text and comes to an end.

    With plain random weights every token is about equally likely: answers are full of broken UTF-8,
    and as the end of the turn and the closing quote of a JSON string practically never come, every
    one of them runs into max_tokens.
    """
    import torch

    texts = [tokenizer.decode([token]) for token in range(len(tokenizer))]
    unfit = [i for i, text in enumerate(texts) if "\ufffd" in text or not text.isprintable()]
    unfit += [tokenizer.convert_tokens_to_ids(name) for name in (END_OF_TEXT, IM_START)]
    enders = [tokenizer.convert_tokens_to_ids(name) for name in (IM_END, '"')]
    with torch.no_grad():
        model.lm_head.weight.normal_(std=0.25)
        model.lm_head.weight[unfit] = 0.0
        model.lm_head.weight[enders] *= ender_scale


def main() -> None:
    """Write tokenizer and model into the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Make a tiny random Qwen2 for tests.")
    parser.add_argument("directory", type=Path, help="where to write it; made when missing")
    parser.add_argument("--endless", action="store_true", help="answers never end by themselves")
    options = parser.parse_args()
    directory: Path = options.directory
    tokenizer = make_tokenizer()
    model = make_model(tokenizer, endless=options.endless)
    tokenizer.save_pretrained(directory)
    model.save_pretrained(directory)
    count = sum(weight.numel() for weight in model.parameters())
    print(f"{directory}: {count:,} parameters, {len(tokenizer):,} tokens")


if __name__ == "__main__":
    main()
