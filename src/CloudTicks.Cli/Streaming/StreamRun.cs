using CloudTicks.Cli.Configuring;
using CloudTicks.Cli.Places;
using CloudTicks.Collection;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudTicks.Cli.Streaming;

/// <summary>Runs <c>cloudticks stream</c>: the collector's own host, with the options as settings.</summary>
internal sealed class StreamRun(StreamOptions options, TimeProvider time)
{
    /// <summary>Runs until Ctrl-C, SIGTERM, or the end of the collector.</summary>
    public async Task<int> RunAsync()
    {
        IHost host;
        CollectorService collector;
        StreamWatch watch;
        try
        {
            host = Build();
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            collector = host.Services.GetRequiredService<CollectorService>();
            watch = host.Services.GetRequiredService<StreamWatch>();
        }
        catch (Exception exception) when (exception is CollectorException || StartRefusal.Covers(exception))
        {
            StartRefusal.Report(exception, StreamSettings.Names);
            await Console.Error.WriteLineAsync("See stream --help.");
            return ExitCodes.Usage;
        }

        if (!options.Force
            && await new ReferenceLookup(time).RefusalAsync(NamedSymbols(), Console.Error, CancellationToken.None) is { } refusal)
        {
            host.Dispose();
            await Console.Error.WriteLineAsync(refusal);
            return ExitCodes.Usage;
        }

        await host.RunServiceAsync();
        foreach (var line in watch.Summary)
        {
            Console.Out.WriteLine(line);
        }

        return watch.IsRefused || collector.ExecuteTask is { IsFaulted: true } ? ExitCodes.Incomplete : ExitCodes.Done;
    }

    /// <summary>The symbols typed on the command line; those of files and lists are too many to look up.</summary>
    private Symbol[] NamedSymbols() =>
    [
        .. options.Symbols.Select(name =>
            (options.Market is Market.Forex or Market.Crypto && Symbol.TryParse(options.Market.Value, name, out var symbol))
            || Symbol.TryParse(name, out symbol) ? symbol : null).OfType<Symbol>(),
    ];

    private IHost Build()
    {
        ClientLibrary.UseFetched();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "cloudticks" });
        builder.Configuration.AddEnvironmentVariables();
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(builder.Configuration[PolygonApiKey.Setting]))
        {
            faults.Add("The key is missing: set POLYGON_API_KEY in the environment to the key of your plan.");
        }

        try
        {
            StreamSettings.Add(builder.Configuration, options);
        }
        catch (Exception fault) when (fault is CollectorException or FormatException)
        {
            faults.Add(fault.Message);
        }

        if (faults.Count > 0)
        {
            throw new CollectorException(string.Join(Environment.NewLine, faults));
        }

        builder.Services.AddSingleton(StreamSettings.Names);
        builder.AddServiceDefaults();
        builder.Services.AddSingleton<StreamWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StreamWatch>());
        builder.Services.AddCollection(builder.Configuration);
        return builder.Build();
    }
}
