const gettext = window.gettext ?? ((words) => words);

// Send a file to the library and return its picture; throws an Error with a sentence for people.
export function upload(url, file, onProgress = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("error", () => reject(new Error(gettext("Not uploaded: no connection. Try again."))));
    request.addEventListener("load", () => {
      const answer = request.response;
      if (request.status === 201) {
        resolve(answer);
      } else {
        reject(new Error(answer?.error || gettext("Not uploaded. Is it a JPEG, PNG or WebP picture under 10 MB?")));
      }
    });
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
    request.send(body);
  });
}
