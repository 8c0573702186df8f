using CloudTicks.Cli;

return CloudTicksCommand.Run(args);
