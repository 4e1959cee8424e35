// The visitor's own time, days in words, and what changed. Short by hand: every visitor loads it.
{
const D=document,R=D.documentElement,T="textContent",d=e=>e.dataset,
Q=(s,w=D)=>[...w.querySelectorAll(s)],one=(s,w=D)=>w.querySelector(s),S=w=>Q("[data-since]",w),
theme=v=>{try{return v?localStorage.theme=v:localStorage.theme}catch{}},
fill=(t,...w)=>(t||"").replace(/\{\}/g,()=>w.shift()),
lang={en:"en-GB",pt:"pt-PT",ar:"ar-u-nu-latn"}[R.lang]||R.lang,format=how=>new Intl.DateTimeFormat(lang,how),print=(at,how)=>format(how).format(at),
clock={hour:"2-digit",minute:"2-digit",hourCycle:"h23"},
box=e=>e.getBoundingClientRect(),N=Date.now,
units=(d(R).units||"").split("|"),plural=new Intl.PluralRules(lang),same=(a,b)=>plural.select(a)==plural.select(b),
// A unit has a form for 1, 2, 3, 11 and 100, as far as they differ.
unit=(text="",n)=>{const f=text.split("~"),i=[1,2,3,11,100].findIndex(m=>same(m,n));return fill(f[i]||f.at(-1),n)},
span=ms=>{
const a=Math.max(0,ms/1e3|0),n=[a%60,(a/60|0)%60,(a/3600|0)%24,a/86400|0],
i=n[3]?3:n[2]?2:n[1]?1:0,u=i=>unit(units[i],n[i]);
return i&&n[i-1]&&(i>1||n[1]<5)?fill(units[4],u(i),u(i-1)):u(i)};
const home=D.currentScript.src;
let skew=0,seen=N(),busy,tag,later,raw=new Map,known=+d(R).revision,want=known,tries=0;
if(theme())d(R).theme=theme();

// Moments in the visitor's zone, spans that grow.
const when=(at,k)=>{
const now=new Date,c=print(at,k=="seconds"?{...clock,second:"2-digit"}:clock),how={day:"numeric",month:"long"};
// On an axis a day stands where it begins.
if(k=="date"||k=="tick"&&c=="00:00")return print(at,{day:"numeric",month:"short"});
if(at.getFullYear()!=now.getFullYear())how.year="numeric";
return k=="dated"||k=="when"&&at.toDateString()!=now.toDateString()?fill(units[5],print(at,how),c):c},
// A day without a time is that day everywhere.
local=el=>{const k=d(el).at;if(k!="day")el[T]=when(new Date(el.dateTime||d(el).time),k)},
zone=el=>{
el[T]=fill(d(el).zone,format({timeZoneName:"short"}).formatToParts().find(p=>p.type=="timeZoneName").value)},
tick=()=>S().forEach(el=>{
const s=fill(d(el).say,span(N()-skew-new Date(d(el).since)));
if(el[T]!=s)el[T]=s});

// Words beside a drawing: days by pointer, touch and arrow keys; values of charts by pointer.
const tip=D.createElement("div"),make=(tag,text,cls)=>{const e=D.createElement(tag);e[T]=text;if(cls)e.className=cls;return e},
put=(svg,x,y,text,more=[])=>{
tip[T]=text;
tip.append(...more);
svg.after(tip);
const h=box(tip.offsetParent),t=tip.style;
t.left=Math.max(0,Math.min(x-h.left-tip.offsetWidth/2,h.width-tip.offsetWidth))+"px";
t.top=y-h.top+8+"px"},
link=([name,href])=>{const a=make("a",name);a.href=href;a.dir="auto";return a},
rtl=R.dir=="rtl",
place=(svg,e)=>{const b=box(svg);return(e.clientX-b.left)/b.width},
// A day from end to end, with the times at which it was not well.
strip=([from,long,parts])=>{
const bar=make("div","","hours"),ends=make("p","","clocks"),at=s=>print((from+s)*1e3,clock);
for(const[a,b,k]of parts){
const i=make("i","","is-"+k);
i.style.insetInlineStart=a/long*100+"%";i.style.width=(b-a)/long*100+"%";
bar.append(i)}
ends.append(...[0,long/2,long].map(s=>make("span",at(s))));
return[bar,ends,...parts.map(([a,b,k,n])=>make("p",at(a)+"–"+at(b)+" "+one(".k-"+k).parentNode[T]+(n>1?" ×"+n:"")))]};
tip.className="tip";
let off=()=>tip.remove();
tip.addEventListener("focusout",e=>tip.contains(e.relatedTarget)||off());
const days=svg=>{
const runs=JSON.parse(d(svg).days),end=runs.at(-1)?.[1];
if(end){
// In a row of the list the name is what has the focus: one stop for each.
const mark=D.createElementNS("http://www.w3.org/2000/svg","path"),row=svg.closest(".parts>li"),host=row?one(".part a",row):svg;
let at=end+1,held;
const gone=()=>{tip.remove();mark.remove();at=end+1},
show=(day,hold)=>{
if(off!=gone)off();
off=gone;
at=Math.min(end,Math.max(0,day));held=hold;
const r=runs.find(r=>r[0]<=at&&at<=r[1]),
s=print(Date.parse(d(svg).first)+at*864e5,{timeZone:"UTC",weekday:"long",day:"numeric",month:"long"})+": "+r[2],
b=box(svg),when=r[4]?strip(r[4]):[];
mark.setAttribute("d",`M${at*4-.5} -1.5h4v33h-4z`);
svg.append(mark);
put(svg,b.left+(rtl?end-at+.5:at+.5)/(end+1)*b.width,b.bottom,s,[...when,...r[3].map(link)]);
if(hold)one("[data-live]")[T]=[s,...when.slice(2).map(p=>p[T]),...r[3].map(l=>l[0])].join(", ")},
day=e=>(rtl?1-place(svg,e):place(svg,e))*(end+1)|0;
mark.setAttribute("class","d-at");
d(svg).on="";
if(row)one("summary",row).tabIndex=-1;else svg.tabIndex=0;
host.setAttribute("aria-describedby","keys");
Q("#keys").forEach(k=>k.hidden=false);
svg.onpointermove=e=>e.pointerType=="mouse"&&!held&&show(day(e));
svg.onclick=e=>show(day(e),1);
svg.parentNode.onmouseleave=()=>held||gone();
host.addEventListener("blur",e=>tip.contains(e.relatedTarget)||gone());
host.addEventListener("keydown",e=>{
const by={ArrowLeft:rtl?1:-1,ArrowRight:rtl?-1:1,...(at>end?{}:{PageUp:-7,PageDown:7,Home:-end,End:end})}[e.key];
if(e.key=="Escape")gone();
if(by){e.preventDefault();show(at+by,1)}})}},
chart=svg=>{
const p=JSON.parse(d(svg).points);
svg.onpointermove=e=>{
const x=place(svg,e);
const b=p.reduce((a,b)=>Math.abs(b[0]-x)<Math.abs(a[0]-x)?b:a);
put(svg,e.clientX,e.clientY+8,when(new Date(b[1]*1e3),"when")+": "+b[2])};
svg.onpointerleave=()=>tip.remove()},
dress=w=>{
Q("[data-at]",w).forEach(local);Q("[data-zone]",w).forEach(zone);
Q("svg[data-days]",w).forEach(days);Q("svg[data-points]",w).forEach(chart)};

// What changed takes the place of what was; focus and what is open stay.
const words=()=>Q(".said,.updates li:first-child .prose").map(e=>e[T].trim());
let told;
const parts=w=>new Map(Q("[data-part]",w).map(el=>[d(el).part,el])),
still=el=>el.outerHTML.replace(/(<[^>]*data-)since="[^"]*"([^>]*>)[^<]*/g,"$1$2"),
note=w=>parts(w).forEach((el,k)=>raw.set(k,still(el))),
swap=(old,el)=>{
const f=old.contains(D.activeElement)&&D.activeElement,key=e=>e.id||e.getAttribute("href")||e.tagName,
shut=Q("details",old).map(d=>d.open);
old.replaceWith(el);
Q("details",el).forEach((d,i)=>{if(i in shut)d.open=shut[i]});
dress(el);
if(f)Q(f.tagName,el).find(e=>key(e)==key(f))?.focus({preventScroll:true});
if(d(old).state!=d(el).state)el.classList.add("changed")},
take=html=>{
const P=new DOMParser().parseFromString(html,"text/html"),old=parts(D),now=parts(P),main=one("main",P),rev=+d(P.documentElement).revision;
// A cache may give what was before this page.
if(!main||rev<known)return;
if([...old.keys()]+""!=[...now.keys()]){note(P);swap(one("main"),main)}
else now.forEach((el,k)=>{
const s=still(el),was=old.get(k);
if(raw.get(k)!=s){raw.set(k,s);swap(was,el)}
else{const b=S(was);S(el).forEach((e,i)=>{if(b[i])d(b[i]).since=d(e).since})}});
const icon=one("link[rel=icon]"),next=one("link[rel=icon]",P),say=one("[data-live]"),all=words(),
news=[D.title!=P.title&&one("h1")[T],all.find(w=>!told.includes(w))].filter(Boolean);
if(icon.href!=next.href)icon.href=next.href;
D.title=P.title;
// A new headline is said, and each new update.
if(news[0])say[T]=d(say).live+" "+news.join(" – ");
told=all;known=rev;
tick()},
stale=()=>{
const el=one(".stale"),old=N()-seen>9e4;
if(el.hidden==old){el[T]=fill(d(el).say,print(seen,clock));el.hidden=!old;R.classList.toggle("old",old)}},
look=async()=>{
if(busy)return;
busy=1;
try{
const a=await fetch(location.href,{cache:"no-cache",signal:AbortSignal.timeout(2e4)}),h=k=>a.headers.get(k),
age=h("age")*1e3,by=N()-age-Date.parse(h("date"));
if(Math.abs(by)>5e3)skew=by;
if(a.ok){const e=h("etag");if(!e||e!=tag)take(await a.text());tag=e;if(!(known<want))seen=N()-age}
}catch{}
busy=0;stale();
// A cache between us and the service may still give what was before.
if(known<want&&tries<12){clearTimeout(later);later=setTimeout(look,Math.min(4e3,200<<tries++))}},
// Told which revision is the newest: this page has it, or asks for it.
hear=(e,w=JSON.parse(e.data))=>{
if(known<w.revision){if(want<w.revision){want=w.revision;tries=0;look()}return}
seen=N();
if(w.measured)Q("[data-measured]").forEach(m=>d(m).since=w.measured)},
live=()=>{
const s=new EventSource(new URL("live"+(known?"?since="+known:""),home));
// A page that says no revision looks whenever something changed.
s.addEventListener("board",e=>known?hear(e):look());
s.addEventListener("beat",hear);
s.onerror=()=>s.readyState>1&&setTimeout(live,6e4)};
D.addEventListener("pointerdown",e=>tip.contains(e.target)||e.target.closest(".days")||off());
addEventListener("DOMContentLoaded",()=>{
note(D);dress(D);tick();told=words();
Q(".theme").forEach(b=>{
const s=d(b).say.split("|"),dark=()=>(d(R).theme||(matchMedia("(prefers-color-scheme:dark)").matches?"dark":""))=="dark",
say=()=>b[T]=s[dark()?0:1];
b.onclick=()=>{theme(d(R).theme=dark()?"light":"dark");say()};
b.hidden=false;say()});
setInterval(tick,1e3);
live();
setInterval(()=>{if(N()-seen>(D.hidden?12e4:28e3))look();stale()},5e3);
D.addEventListener("visibilitychange",()=>D.hidden||look())})
}
