using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.AppHost.Local.Screen;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.LocalServices.Installation;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Verification;
using CloudTicks.Verification.Places;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.AppHost.Local;

/// <summary>One run of the whole system: start, feed, drain, verification, stop.</summary>
internal sealed class LocalRun(
    DistributedApplicationBuilder builder, LocalEnvironment environment, RunState state, LiveScreen? screen)
{
    private const string Page = "dashboard";

    /// <summary>Services that only read. A run that ends by itself does not wait for them.</summary>
    private static readonly string[] ReaderNames = ["relay", Page];

    private static readonly TimeSpan HubTimeout = TimeSpan.FromSeconds(30);

    // An interrupted run exits within 5 s: parts that have not drained after 4 s are killed, and recover at the next start.
    private static readonly TimeSpan InterruptedStopTimeout = TimeSpan.FromSeconds(4);

    private readonly ResourceStarts _starts = new(builder, environment);
    private readonly Lock _noteGate = new();

    public static async Task<int> RunAsync(DistributedApplicationBuilder builder, RunOptions options)
    {
        using var lines = new RunLines(
            options.Json ? Console.Error : Console.Out, LineLevels.Parse(options.LogLevel), options.LogJson, TimeProvider.System);
        await using var interruption = new Interruption(lines, TimeProvider.System);
        try
        {
            var feed = FeedName(builder);
            if (options.MaxDisk is not null && feed != "simulated")
            {
                throw new LocalRunException("--max-disk limits simulated ticks only; real ticks are never dropped. Omit the option.");
            }

            var folder = FolderOf(builder, options);
            using var folderLock = await DataFolderLock.AcquireAsync(folder, lines, TimeProvider.System);
            using var state = new RunState(folder, lines);
            state.Set(AppHostState.Starting);
            lines.BeginFile(AppHostNote.LogFile(folder));
            using var environment = new LocalEnvironment(options, folder, lines, TimeProvider.System);
            await using var screen = LiveScreen.TryBegin(builder, environment, feed, AppHostNote.LogFile(folder));
            return await new LocalRun(builder, environment, state, screen).RunAsync(interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return options.HasEnd ? ExitCodes.Interrupted : ExitCodes.Ok;
        }
        catch (Exception exception) when (exception is LocalRunException or LocalServicesUnavailableException or InvalidOperationException
            or EventStreamException or NpgsqlException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            lines.WriteRequested("error", LineLevel.Error, exception.Message);
            return ExitCodes.CannotStart;
        }
    }

    /// <summary>The data folder of the feed.</summary>
    public static string FolderOf(DistributedApplicationBuilder builder, RunOptions options) =>
        Path.Combine(options.DataFolder, FeedName(builder));

    private static string FeedName(DistributedApplicationBuilder builder) =>
        builder.Resources.Any(resource => resource.Name == "simulator") ? "simulated" : "polygon";

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var report = await RunToEndAsync(cancellationToken);
        await (screen?.DisposeAsync() ?? ValueTask.CompletedTask);
        return Report(report);
    }

    private async Task<RunReport> RunToEndAsync(CancellationToken cancellationToken)
    {
        // A killed run may have left its note behind.
        SystemNote.Remove(environment);
        environment.Lines.Write("feed", Find<ProjectResource>("simulator") is null
            ? "the real feed of Polygon.io, with the key in POLYGON_API_KEY"
            : "simulated, because POLYGON_API_KEY is not set");
        try
        {
            await environment.UseClientLibrariesAsync(cancellationToken);
            await _starts.RunAsync(resource => !resource.IsService, cancellationToken);
            await using var simulatedData = Find<ProjectResource>("simulator") is null ? null : SimulatedData.Of(builder, environment);
            await Task.WhenAll(CreateTopicsAsync(cancellationToken), simulatedData?.BeginAsync(cancellationToken) ?? Task.CompletedTask);
            if (!environment.Options.HasEnd)
            {
                await _starts.RunAsync(resource => resource.IsService, cancellationToken);
                RecordRunning();
                environment.Lines.Write(
                    "run",
                    $"everything is running; the page is at {Find<ProjectResource>(Page)!.Address}. Ctrl-C or 'cloudticks down' stops "
                        + "everything");
                foreach (var view in TickViews.Services(environment.Parts))
                {
                    environment.Lines.Write("run", $"look at the ticks: {view}");
                }

                await (simulatedData?.EnforceAsync(cancellationToken)
                    ?? Task.Delay(Timeout.InfiniteTimeSpan, environment.Time, cancellationToken));
            }

            return await ProveAsync(cancellationToken);
        }
        finally
        {
            await new SystemStop(builder, environment, state, screen).RunAsync(
                cancellationToken.IsCancellationRequested ? InterruptedStopTimeout : Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Creates the topics of the local event hub before the functions subscribe to them.</summary>
    private async Task CreateTopicsAsync(CancellationToken cancellationToken)
    {
        if (Find<AzureEventHubsResource>("eventhubs") is { } hub)
        {
            var stream = EventStreamConnection.Parse(hub.ConnectionString);
            var partitions = Find<AzureEventHubResource>("tick-archive")!.PartitionCount ?? ArchiveTopics.ArchivePartitions;
            await ArchiveTopics.EnsureAsync(
                stream, NullLogger.Instance, HubTimeout, environment.Time, cancellationToken, (int)partitions);
        }
    }

    private async Task<RunReport> ProveAsync(CancellationToken cancellationToken)
    {
        await using var services =
            new ServiceCollection().AddLogging().AddMetrics().AddSingleton<MessagingMetrics>().BuildServiceProvider();
        await using var observation = await StartObservedAsync(services, cancellationToken);
        var collectors = builder.Collectors;
        using var feed =
            new FeedClient([.. collectors.Select(collector => collector.Address)], Find<ProjectResource>("simulator")?.Address);
        var run = new FeedRun(feed, environment);
        RecordRunning();
        await FeedAsync(run, cancellationToken);
        environment.Parts.Phase = RunPhase.Proving;
        environment.Lines.Write("run", "the feed has ended; the last ticks are being processed");
        await Task.WhenAll(collectors.Select(collector => collector.DisposeAsync().AsTask()));
        return await new RunProof(environment, Connection("timescale"), run, feed.IsSimulated).VerifyAsync(observation, cancellationToken);
    }

    /// <summary>
    /// Starts all services except the read-only ones. The observation starts in parallel; only the collectors wait for it.
    /// </summary>
    private async Task<RunObservation> StartObservedAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beginning = RunObservation.BeginAsync(
            EventStreamConnection.Parse(Connection("eventhubs")),
            NatsConnectionSettings.Parse(Connection("nats")),
            services.GetRequiredService<MessagingMetrics>(),
            services.GetRequiredService<ILoggerFactory>(),
            environment.Time,
            failed.Token);
        try
        {
            await _starts.RunAsync(resource => resource.IsService && !ReaderNames.Contains(resource.Name), cancellationToken, beginning);
            return await beginning;
        }
        catch
        {
            await failed.CancelAsync();
            await ((Task)beginning).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (beginning.IsCompletedSuccessfully)
            {
                await (await beginning).DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Waits for the end of the feed, and starts the dashboard and the relay in parallel: the feed does not need them.</summary>
    private async Task FeedAsync(FeedRun run, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var readers = Task.WhenAll(ReaderNames.Select(StartReaderAsync));
        try
        {
            await run.RunAsync(cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await readers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task StartReaderAsync(string name)
        {
            await new ReaderStart(Find<ProjectResource>(name)!, environment).RunAsync(ended.Token);
            lock (_noteGate)
            {
                // Write the note again, now that the address is known.
                SystemNote.Write(builder, environment);
            }
        }
    }

    private int Report(RunReport report)
    {
        if (screen is null)
        {
            foreach (var line in RunReportText.Lines(report))
            {
                environment.Lines.WriteRequested("proof", report.Ok ? LineLevel.Info : LineLevel.Error, line);
            }
        }
        else
        {
            screen.Print(ClosingSummary.Proof(report));
        }

        if (environment.Options.Json)
        {
            Console.Out.WriteLine(RunReportJson.Format(report));
        }

        return report.Ok ? ExitCodes.Ok : ExitCodes.NotAllArrived;
    }

    /// <summary>Records that all parts that the feed needs are running.</summary>
    private void RecordRunning()
    {
        environment.Parts.Phase = RunPhase.Running;
        SystemNote.Write(builder, environment);
        state.Set(AppHostState.Running);
    }

    private T? Find<T>(string name)
        where T : LocalResource => builder.Resources.OfType<T>().FirstOrDefault(resource => resource.Name == name);

    private string Connection(string name) =>
        builder.Resources.OfType<IResourceWithConnectionString>().Single(resource => resource.ConnectionName == name).ConnectionString;
}
