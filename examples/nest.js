// assumes @nestjs/core ^11 or ^12 on @nestjs/platform-express
// app.use strips the mount path, so the handler needs no basePath. setGlobalPrefix does not change it.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createPegasusHandler } from 'pegasus-http';
import { cluster } from './cluster.js';
import { port } from './port.js';

class AppController {
  root() {
    return 'the service itself';
  }
}
// Decorators as functions, because this file is JavaScript.
Controller()(AppController);
Get()(
  AppController.prototype,
  'root',
  Object.getOwnPropertyDescriptor(AppController.prototype, 'root') ?? {},
);

class AppModule {}
Module({ controllers: [AppController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
app.use('/pegasus', createPegasusHandler(cluster));
await app.listen(port, '127.0.0.1');
console.log(`open ${await app.getUrl()}/pegasus/`);
