// SPDX-License-Identifier: MIT
// Files that the build turns into addresses.
declare module '*?url' {
  const url: string;
  export default url;
}
