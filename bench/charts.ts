import * as echarts from 'echarts';
import { CONTESTANTS } from './contestants';
import type { Contestant } from './child/job';
import type { Bars, Growth } from './section';

const WIDTH = 960;

/** Strong enough for a light and for a dark background. */
const COLOURS: Record<Contestant, string> = {
	gptImage: '#0f9d76',
	builtIn: '#e0562f',
	httpRequest: '#9a6ee0',
	least: '#c9a227',
	sdk: '#3d85e6',
	floor: '#8b929c',
};

/** Stands for the colour of the text until the SVG is written. */
const INK = '#010203';

const TEXT = { color: INK, fontFamily: 'sans-serif', fontSize: 13 };
const AXIS = {
	nameTextStyle: TEXT,
	axisLabel: TEXT,
	axisLine: { show: true, lineStyle: { color: INK, opacity: 0.4 } },
	splitLine: { lineStyle: { color: INK, opacity: 0.12 } },
	minorSplitLine: { show: false },
};

/** Draws lines over one axis. @returns an SVG that follows the reader's light or dark scheme */
export function drawGrowth({ title, xName, scale, panels }: Growth): string {
	const height = 400;
	const share = 100 / panels.length;
	const type = scale === 'log' ? ('log' as const) : ('value' as const);
	const names = [...new Set(panels.flatMap(({ lines }) => lines.map((l) => l.contestant)))];
	return draw(title, height, {
		title: [heading(title), ...panels.map((panel, index) => subheading(panel, index * share))],
		legend: {
			bottom: 4,
			itemGap: 48,
			textStyle: TEXT,
			data: names.map((contestant) => CONTESTANTS[contestant]),
		},
		grid: panels.map((_, index) => ({
			left: `${index * share + 6}%`,
			width: `${share - 9}%`,
			top: 84,
			bottom: 84,
		})),
		xAxis: panels.map((_, gridIndex) => ({
			...AXIS,
			type,
			gridIndex,
			name: xName,
			nameLocation: 'middle' as const,
			nameGap: 28,
		})),
		yAxis: panels.map((_, gridIndex) => ({
			...AXIS,
			type,
			gridIndex,
			axisLabel: { ...TEXT, formatter: (value: number) => value.toLocaleString('en') },
		})),
		series: panels.flatMap(({ lines }, index) =>
			lines.map(({ contestant, points }) => ({
				type: 'line' as const,
				name: CONTESTANTS[contestant],
				xAxisIndex: index,
				yAxisIndex: index,
				data: points,
				symbol: 'circle',
				symbolSize: 7,
				color: COLOURS[contestant],
				lineStyle: { width: 2.5, type: contestant === 'floor' ? ('dashed' as const) : 'solid' },
			})),
		),
	});
}

/** Draws figures of the contestants, one panel below the other. @returns an SVG as {@link drawGrowth} */
export function drawBars(title: string, panels: Bars[]): string {
	const rowHeight = 26;
	let top = 48;
	const places = panels.map(({ bars }) => {
		const place = { top: top + 30, height: bars.length * rowHeight };
		top = place.top + place.height + 18;
		return place;
	});
	return draw(title, top, {
		title: [
			heading(title),
			...panels.map((panel, index) => ({
				...subheading(panel, 0),
				top: (places[index]?.top ?? 0) - 24,
			})),
		],
		grid: places.map((place) => ({ ...place, left: 330, right: 90 })),
		xAxis: panels.map((_, gridIndex) => ({ type: 'value' as const, gridIndex, show: false })),
		yAxis: panels.map(({ bars }, gridIndex) => ({
			type: 'category' as const,
			gridIndex,
			inverse: true,
			data: bars.map(({ name }) => name),
			axisLabel: TEXT,
			axisTick: { show: false },
			axisLine: { show: false },
		})),
		series: panels.map(({ bars, unit }, index) => ({
			type: 'bar' as const,
			xAxisIndex: index,
			yAxisIndex: index,
			barWidth: 16,
			data: bars.map(({ value, contestant }) => ({
				value: value ?? 0,
				itemStyle: { color: COLOURS[contestant] },
				label: {
					...TEXT,
					show: true,
					position: 'right' as const,
					formatter: value === undefined ? 'fails' : `${round(value)} ${unit}`,
				},
			})),
		})),
	});
}

const heading = (text: string) => ({
	text,
	left: 16,
	top: 10,
	textStyle: { ...TEXT, fontSize: 17 },
});

const subheading = ({ title, unit }: { title: string; unit: string }, left: number) => ({
	text: `${title} (${unit})`,
	left: left === 0 ? 16 : `${left}%`,
	top: 46,
	textStyle: { ...TEXT, fontSize: 14, fontWeight: 'normal' as const },
});

const round = (value: number) => value.toFixed(value < 9.95 ? 1 : 0);

function draw(title: string, height: number, option: echarts.EChartsCoreOption): string {
	const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
	chart.setOption({ animation: false, ...option });
	const svg = chart.renderToSVGString();
	chart.dispose();
	const style =
		'svg{color:#1f2328}.back{fill:#fff}' +
		'@media(prefers-color-scheme:dark){svg{color:#e6edf3}.back{fill:#0d1117}}';
	const start = svg.indexOf('>') + 1;
	return [
		svg.slice(0, start),
		`<title>${title}</title><style>${style}</style>`,
		`<rect class="back" width="${WIDTH}" height="${height}" rx="8"/>`,
		svg.slice(start).replaceAll(INK, 'currentColor'),
		'\n',
	].join('');
}
