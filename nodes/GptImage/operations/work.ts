import { cancel } from './batch/cancel';
import { cancelWork } from './batch/cancelWork';
import { get } from './batch/get';
import { getImages } from './batch/getImages';
import { getImagesWork } from './batch/getImagesWork';
import { getMany } from './batch/getMany';
import { getManyWork } from './batch/getManyWork';
import { getWork } from './batch/getWork';
import { edit } from './image/edit';
import { editWork } from './image/editWork';
import { generate } from './image/generate';
import { generateWork } from './image/generateWork';
import type { BatchWork, ImageWork, Operation } from './operation';

/** What the operations that make images do. */
export const imageWork = new Map<Operation, ImageWork>([
	[generate, generateWork],
	[edit, editWork],
]);

/** What the operations on batches that were submitted do. */
export const batchWork = new Map<Operation, BatchWork>([
	[getImages, getImagesWork],
	[get, getWork],
	[getMany, getManyWork],
	[cancel, cancelWork],
]);
