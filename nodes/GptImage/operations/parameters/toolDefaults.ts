import { agentToolOf } from '../../images/output/agentTool';
import { KEEP_HOURS } from '../fields/outputOptions';
import type { ItemSettings } from './itemSettings';
import type { Run } from '../../run/run';

type KeepSettings = Pick<ItemSettings, 'estimateOnly' | 'keepAtOpenAiHours'>;

interface ToolRun {
	context: Pick<Run['context'], 'getNode'>;
	connection: Pick<Run['connection'], 'isOpenAi'>;
	settings: Pick<Run['settings'], 'batch'>;
}

/** @returns the settings with what holds; those of a batch as they are, since Get Images decides when it has the images */
export function withToolDefaults<Settings extends KeepSettings>(
	{ context, connection, settings: { batch } }: ToolRun,
	settings: Settings,
): Settings {
	if (batch) return settings;
	const { keepAtOpenAiHours: hours = settings.estimateOnly ? 0 : undefined } = settings;
	return { ...settings, keepAtOpenAiHours: keptHours({ context, connection }, hours) };
}

/**
 * An AI agent is handed no files. So that it can have its images changed, the tool keeps them at OpenAI, unless its
 * options say otherwise. Not with a gateway or on Azure, which may charge for files, or not know them.
 *
 * @param hours what the option says, 0 for none; `undefined` when it was not added
 * @returns how long images are to be kept; `undefined` for not at all
 */
export function keptHours(
	{ context, connection }: Pick<ToolRun, 'connection' | 'context'>,
	hours: number | undefined,
): number | undefined {
	const mayKeep = agentToolOf(context) !== undefined && connection.isOpenAi;
	return (hours ?? (mayKeep ? KEEP_HOURS : 0)) || undefined;
}
