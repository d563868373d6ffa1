// co-wechat as its README shows it, in safe mode, keeping nothing: verify, decrypt, parse, empty acknowledgement.
// node server.js PORT TOKEN APPID ENCODING_AES_KEY
'use strict';

const Koa = require('koa');
const wechat = require('co-wechat');

const [port, token, appid, encodingAESKey] = process.argv.slice(2);
const app = new Koa();
app.use(wechat({ token, appid, encodingAESKey }).middleware(async () => ''));
// The contestants run in turns; a connection must outlive the turns of the others.
app.listen(Number(port), '127.0.0.1').keepAliveTimeout = 0;
