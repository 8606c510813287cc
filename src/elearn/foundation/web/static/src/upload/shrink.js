// A photo of a page, made small enough for a weak signal before it leaves the phone.

const LONGEST = 2000;
const SMALL = 600_000;
const PHOTOS = ["image/jpeg", "image/png", "image/webp"];

/** The photo with at most 2000 pixels at its longer side; the file as it is where that fails or saves nothing. */
export async function shrunk(file) {
  if (!PHOTOS.includes(file.type) || file.size < SMALL || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    return small && small.size < file.size ? new File([small], file.name.replace(/\.\w+$/, ".jpg"), { type: small.type }) : file;
  } catch (_unreadable) {
    return file;
  }
}
