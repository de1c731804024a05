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

/**
 * An AI agent is handed no files. So that it can have its images changed, the tool keeps them at OpenAI, unless its
 * options say otherwise. Not with a gateway or on Azure, which may charge for files, or not know
 * them, nor in a batch, whose images are not there yet.
 *
 * @returns the settings with what holds; hours of 0 are none
 */
export function withToolDefaults<Settings extends KeepSettings>(
	{ context, connection, settings: { batch } }: ToolRun,
	settings: Settings,
): Settings {
	const isTool = agentToolOf(context) !== undefined;
	const mayKeep = isTool && connection.isOpenAi && !batch && !settings.estimateOnly;
	const { keepAtOpenAiHours = mayKeep ? KEEP_HOURS : 0 } = settings;
	return { ...settings, keepAtOpenAiHours: keepAtOpenAiHours || undefined };
}
