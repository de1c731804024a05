// What is loaded when it is needed for the first time: n8n loads the rest whenever it starts, to show the panel.
export { pollForEnded } from './batch/pollForEnded';
export { listModels } from './models/modelList';
export { run } from './run/run';
