using CloudTicks.LocalServices.Processes;

namespace AppHost.Tests;

/// <summary>A running AppHost with all its servers, whose environment contains the feed's key and other secrets.</summary>
public sealed class KeyedAppHost : IAsyncLifetime
{
    public const string FeedKey = "canaryFeed";
    public const string WriterKey = "canaryWriter0123456789abcdefghijklmnop";
    public const string ForeignSecret = "canaryForeign";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cloudticks-apphost-");
    private ChildProcess? _feed;
    private AppHostProcess? _appHost;

    internal AppHostProcess AppHost => _appHost ?? throw new InvalidOperationException("AppHost has not been started.");

    /// <summary>
    /// The feed's data folder. It was created before the start, with permissions that let all users read it, as an earlier version did.
    /// </summary>
    public string FeedFolder => Path.Combine(_data.FullName, "polygon");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(FeedFolder, "eventhubs"));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode AllUsers = (UnixFileMode)0b111_101_101;
            File.SetUnixFileMode(FeedFolder, AllUsers);
            File.SetUnixFileMode(Path.Combine(FeedFolder, "eventhubs"), AllUsers);
        }

        var port = FreePort.Choose();
        _feed = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [ProgramPath.Simulator],
            Environment = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" },
        });
        var environment = new Dictionary<string, string?>
        {
            ["POLYGON_API_KEY"] = FeedKey,
            ["Polygon__Endpoint"] = $"ws://127.0.0.1:{port}",
            ["CLOUDTICKS_HUB_WRITER_KEY"] = WriterKey,
            ["AWS_SECRET_ACCESS_KEY"] = ForeignSecret,
            ["PGPASSWORD"] = ForeignSecret,
            ["Parameters__other"] = ForeignSecret,
        };
        _appHost = await AppHostProcess.StartAsync(["--symbols", "EURUSD"], environment, _data.FullName);
        await _appHost.WaitForLineAsync(
            line => line.Contains("everything is running", StringComparison.Ordinal), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await (_appHost?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_feed?.DisposeAsync() ?? ValueTask.CompletedTask);
        try
        {
            _data.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A part that AppHost killed for stopping too slowly created a file during the deletion.
        }
    }
}
