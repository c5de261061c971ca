using Granary.Samples;

await ReverseProxySample.Build(args).RunAsync();
