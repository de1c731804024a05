// For scripts that load n8n's engine by themselves: its settings are read when it is first loaded.
export * from '../harness/environment';
