// express 4 is installed beside express 5 under this name; for what is used here the types of 5 are true.
declare module 'express4' {
  import express from 'express';
  export default express;
}
