/** What one item can ask for when its images are spread over several requests. */
export const MAX_IMAGES_PER_ITEM = 100;
