#!/usr/bin/env python3
"""Deterministic corpus of Chinese disclosure articles (about 1,500 characters each), the same for every builder.

generate.py N DIR   writes DIR/articles.jsonl (neutral form), DIR/yaml/<category>/<slug>.md (YAML front matter, for
Hugo and Eleventy) and DIR/pelican/<category>/<slug>.md (Pelican's own metadata).
"""

# The corpus of the yardstick as it was given: its text is what makes a measurement comparable, so it is not tidied.
# ruff: noqa
# fmt: off
# mypy: ignore-errors
import datetime, json, os, random, sys
SEED = 20261123
CATS = [("notices","通知公告"),("policies","政策文件"),("interpretations","政策解读"),("press","新闻发布"),("messages","互动回应")]
TOPICS = ["财政金融","教育科技","医疗卫生","社会保障","生态环境","交通运输","农业农村","市场监管","应急管理","文化旅游",
          "城乡建设","自然资源","民政事务","公共安全","商贸外资","工业信息化","人力资源","审计统计","营商环境","数字政府"]
DEPTS = ["市人民政府办公室","市发展和改革委员会","市教育局","市科学技术局","市工业和信息化局","市公安局","市民政局","市财政局",
         "市人力资源和社会保障局","市自然资源局","市生态环境局","市住房和城乡建设局","市交通运输局","市卫生健康委员会","市市场监督管理局"]
SUBJ = ["各县（市、区）人民政府","市政府各部门、各直属机构","各乡镇人民政府、街道办事处","有关企事业单位","市级行政审批部门","各行业主管部门","各级财政部门",
        "基层医疗卫生机构","义务教育阶段学校","重点排污单位","道路运输企业","物业服务企业","农民专业合作社","城乡居民基本医疗保险参保人员","中小微企业和个体工商户",
        "政务服务中心窗口","督查工作领导小组","信访工作联席会议","应急救援队伍","社区工作者","行政执法人员","统计调查机构","村民委员会","公共资源交易中心"]
VERB = ["要切实加强","要认真落实","应当依法推进","要统筹做好","应当及时公布","要全面排查","要持续优化","应当严格规范","要加快完善","要深入开展","应当定期报送","要积极配合","要主动公开",
        "应当妥善处理","要重点推进","要进一步压实","应当建立健全","要着力提升","应当如实填报","要协同推进"]
OBJ = ["政府信息公开工作","重大行政决策程序","安全生产责任制","财政预算执行情况","行政许可事项清单","基层政务公开标准目录","生态环境保护督察整改","政策解读和回应关切","督查督办事项台账",
       "公共卫生应急预案","义务教育招生入学方案","农村人居环境整治","道路交通安全隐患治理","营商环境评价指标","政府采购意向公开","城乡居民养老保险待遇核定","住房公积金提取流程",
       "食品药品安全抽检","国土空间总体规划","科技创新平台建设","知识产权保护机制","政务数据共享目录","建设项目环境影响评价","社会救助和保障标准","重点民生实事项目","汛期防灾减灾措施",
       "行政复议和行政应诉案件办理","招标投标全过程监管","绿色低碳转型行动","数字政府建设任务"]
PURP = ["确保各项工作落到实处","不断提高人民群众满意度","推动全市经济社会高质量发展","保障公民、法人和其他组织的合法权益","切实转变工作作风","防范化解重大风险","提升政务服务便利化水平",
        "实现一网通办、跨省通办","做到件件有着落、事事有回音","维护社会公平正义","促进资源节约集约利用","增强政府公信力和执行力","营造良好舆论氛围","形成齐抓共管的工作合力","按期完成年度目标任务"]
COND = ["根据《中华人民共和国政府信息公开条例》有关规定","按照市委、市政府统一部署","经市政府常务会议研究同意","为贯彻落实国务院和省政府决策部署","结合我市实际","依据《行政许可法》和相关法律法规",
        "在广泛征求社会公众意见的基础上","参照省级有关部门的实施细则","经专家论证、公平竞争审查和合法性审核","针对审计发现的问题","围绕群众反映强烈的突出问题","自本通知印发之日起","在疫情防控常态化条件下",
        "按照放管服改革的要求","本着便民利民、公开透明的原则"]
TAIL = ["具体办理流程详见附件","逾期未报送的将予以通报批评","有关情况请于每季度末报市政府办公室","联系人及联系电话见文末","如遇重大问题请及时向主管部门请示","本通知有效期五年","原有规定与本通知不一致的，以本通知为准",
        "市政府督查室将适时开展专项督查","执行情况纳入年度绩效考核","请结合实际认真贯彻执行","解释工作由制定机关负责"]
HEADS = ["总体要求","工作目标","主要任务","重点工作安排","申请条件","办理程序","保障措施","组织领导","监督检查","职责分工","时间安排","资金安排","责任追究","附则","背景依据","主要内容","适用范围","社会影响","答复意见"]
TITLE_PAT = {
 "notices":["关于{v}{o}的通知","关于开展{y}年{o}的通知","{d}关于{o}的公告","关于公布{o}的公示"],
 "policies":["{d}关于印发《{o}实施办法》的通知","关于进一步{v}{o}的实施意见","{o}管理暂行规定","{o}三年行动计划（{y}—{y3}年）"],
 "interpretations":["《{o}实施办法》政策解读","一图读懂：{o}","{d}负责人就{o}答记者问","关于{o}的政策解读"],
 "press":["我市召开{o}新闻发布会","{d}通报{o}进展情况","市领导调研{o}","全市{o}工作推进会召开"],
 "messages":["关于{o}的咨询","对反映{o}问题的答复","市民来信：{o}","关于{o}建议的回应"]}
TV = ["加强","做好","规范","推进","优化","完善","落实","深化"]
SURN="王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIV="伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志文玉兰"
PLACES=["东城区","西湖镇","南山街道","北仑村","青云乡","长安路","和平社区","滨江新区","高新技术产业开发区","金沙湾","石桥镇","白云街道","红旗村","新华社区","龙泉县","凤凰山","双河乡","柳林镇","桃园社区","清水河"]

def sent(r):
    k=r.random()
    if k<.50: return f"{r.choice(COND)}，{r.choice(SUBJ)}{r.choice(VERB)}{r.choice(OBJ)}，{r.choice(PURP)}。"
    if k<.70: return f"{r.choice(SUBJ)}{r.choice(VERB)}{r.choice(OBJ)}和{r.choice(OBJ)}，{r.choice(TAIL)}。"
    if k<.82: return f"截至{r.randint(2011,2026)}年{r.randint(1,12)}月底，{r.choice(PLACES)}累计完成{r.choice(OBJ)}{r.randint(3,9800)}项，同比增长{r.randint(1,60)}.{r.randint(0,9)}%，涉及资金{r.randint(10,99999)}万元。"
    if k<.92: return f"{r.choice(PLACES)}{r.choice(SURN)}{r.choice(GIV)}{r.choice(GIV)}同志负责{r.choice(OBJ)}的日常协调，{r.choice(TAIL)}。"
    return f"{r.choice(PURP)}，{r.choice(VERB)[1:] if r.random()<.5 else '着力推进'}{r.choice(OBJ)}，{r.choice(PURP)}。"

START=datetime.date(2011,11,1); DAYS=(datetime.date(2026,11,1)-START).days
def slug_of(i,date): return f"t{date:%Y%m%d}-{i:06d}"
def meta(i,n):
    r=random.Random(f"{SEED}-m-{i}")
    date=START+datetime.timedelta(days=int(DAYS*i/n))
    cat=r.choices(range(5),weights=[30,20,12,28,10])[0]
    return r,date,cat
def article(i,n):
    r,date,cat=meta(i,n)
    y=date.year; o=r.choice(OBJ); d=r.choice(DEPTS)
    title=r.choice(TITLE_PAT[CATS[cat][0]]).format(v=r.choice(TV),o=o,y=y,y3=y+2,d=d)
    topics=r.sample(TOPICS,r.choice([1,1,2]))
    b=[]; ch=0; target=r.randint(800,1500)
    intro="".join(sent(r) for _ in range(2)); b.append(intro); ch+=len(intro)
    heads=r.sample(HEADS,6); hi=0; did_list=False; table=r.random()<.3
    cn="一二三四五六"
    while ch<target:
        if hi<6: b.append(f"## {cn[hi]}、{heads[hi]}"); hi+=1
        for _ in range(r.randint(1,2)):
            p="".join(sent(r) for _ in range(r.randint(2,4)))
            if r.random()<.25 and -1<p.find("，")<p.find("。"): p=p.replace("，","，**",1).replace("。","**。",1)
            b.append(p); ch+=len(p)
        if not did_list:
            did_list=True
            items=[f"{r.choice(OBJ)}，{r.choice(PURP)}；" for _ in range(r.randint(3,5))]
            mark=(lambda k:f"{k+1}. ") if r.random()<.5 else (lambda k:"- ")
            b.append("\n".join(mark(k)+t for k,t in enumerate(items))); ch+=sum(map(len,items))
        elif table:
            table=False
            rows=["| 序号 | 事项名称 | 责任单位 | 完成时限 |","| --- | --- | --- | --- |"]
            for k in range(r.randint(4,8)):
                rows.append(f"| {k+1} | {r.choice(OBJ)} | {r.choice(DEPTS)} | {y}年{r.randint(1,12)}月 |")
            b.append("\n".join(rows)); ch+=sum(map(len,rows))//2
    j=r.randrange(n); _,dj,cj=meta(j,n)
    b.append(f"相关文件：[{r.choice(OBJ)}](/{CATS[cj][0]}/{slug_of(j,dj)}.html)，国家法律法规数据库见[中国政府网](https://www.gov.cn/zhengce/{y}/content_{r.randint(100000,999999)}.html)。")
    dept_i=DEPTS.index(d)
    return dict(id=i,slug=slug_of(i,date),title=title,date=f"{date:%Y-%m-%d}",category=CATS[cat][0],topics=topics,department=d,
        index_number=f"K{dept_i:02d}00{i%100:02d}-{r.randint(1,30):04d}-{y}-{i:06d}",
        doc_number=f"市{'政府发改教科工公民财人资环建交卫监'[dept_i+0]}发〔{y}〕{r.randint(1,199)}号",
        summary=intro[:80],body="\n\n".join(b)+"\n")
def yaml_text(a):
    j = lambda v: json.dumps(v, ensure_ascii=False)
    keys = ["title", "date", "slug", "category", "topics", "department", "index_number", "doc_number", "summary"]
    lines = [f"{k}: {a[k] if k in ('date', 'slug', 'category') else j(a[k])}" for k in keys]
    return "---\n" + "\n".join(lines) + f"\n---\n\n{a['body']}"

def pelican_text(a):
    return (f"---\nTitle: {a['title']}\nDate: {a['date']}\nSlug: {a['slug']}\nCategory: {a['category']}\nTags: {', '.join(a['topics'])}\n"
            f"Department: {a['department']}\nIndex_number: {a['index_number']}\nDoc_number: {a['doc_number']}\nSummary: {a['summary']}\n---\n\n{a['body']}")

if __name__ == "__main__":
    n = int(sys.argv[1]); out = sys.argv[2]; os.makedirs(out, exist_ok=True)
    with open(f"{out}/articles.jsonl", "w", encoding="utf8") as f:
        for i in range(n):
            a = article(i, n); f.write(json.dumps(a, ensure_ascii=False) + "\n")
            for form, text in (("yaml", yaml_text), ("pelican", pelican_text)):
                folder = f"{out}/{form}/{a['category']}"; os.makedirs(folder, exist_ok=True)
                with open(f"{folder}/{a['slug']}.md", "w", encoding="utf8") as g: g.write(text(a))
