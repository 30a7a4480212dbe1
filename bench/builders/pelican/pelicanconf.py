# Of the yardstick, as it was given.
# ruff: noqa
# fmt: off
# mypy: ignore-errors
import os
HERE=os.path.dirname(os.path.abspath(__file__))
SITENAME="某市人民政府信息公开"; SITEURL="https://www.example.gov.cn"; FEED_DOMAIN=SITEURL
PATH=os.environ["CONTENT"]; OUTPUT_PATH=os.environ["OUT"]
ARTICLE_PATHS=[""]; PAGE_PATHS=["_pages"]; STATIC_PATHS=[]
TIMEZONE="Asia/Shanghai"; DEFAULT_LANG="zh-CN"; DEFAULT_DATE_FORMAT="%Y-%m-%d"
THEME=HERE+"/theme"
PLUGIN_PATHS=[HERE+"/plugins"]; PLUGINS=["neighbors"]
ARTICLE_URL="{category}/{slug}.html"; ARTICLE_SAVE_AS=ARTICLE_URL
CATEGORY_URL="{slug}/index.html"; CATEGORY_SAVE_AS=CATEGORY_URL
TAG_URL="topics/{slug}.html"; TAG_SAVE_AS=TAG_URL
AUTHOR_SAVE_AS=""; DIRECT_TEMPLATES=["index","sitemap"]; SITEMAP_SAVE_AS="sitemap.xml"
TEMPLATE_EXTENSIONS=[".html",".xml"]
PAGINATED_TEMPLATES={"category":20,"tag":20}; DEFAULT_PAGINATION=20
FEED_ALL_ATOM=None; FEED_ALL_RSS=None; AUTHOR_FEED_ATOM=None; AUTHOR_FEED_RSS=None; TRANSLATION_FEED_ATOM=None; CATEGORY_FEED_ATOM=None
CATEGORY_FEED_RSS="feeds/{slug}.xml"; FEED_MAX_ITEMS=20
CATNAMES=dict(notices="通知公告",policies="政策文件",interpretations="政策解读",press="新闻发布",messages="互动回应")
DEPTS=["市人民政府办公室","市发展和改革委员会","市教育局","市科学技术局","市工业和信息化局","市公安局","市民政局","市财政局","市人力资源和社会保障局","市自然资源局","市生态环境局","市住房和城乡建设局","市交通运输局","市卫生健康委员会","市市场监督管理局"]
if os.environ.get("CACHE"):
    CACHE_CONTENT=True; LOAD_CONTENT_CACHE=True; CACHE_PATH=os.environ["OUT"]+"-cache"
    CONTENT_CACHING_LAYER=os.environ["CACHE"]; GZIP_CACHE=os.environ.get("GZ","1")=="1"
