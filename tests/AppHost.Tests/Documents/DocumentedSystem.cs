using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace AppHost.Tests.Documents;

/// <summary>
/// One system in a clean home, for the commands of all pages: a shell whose folder is laid out as the root of the repository, with the
/// system's data in <c>.cloudticks</c>. If a documented port is not free, the commands use the port that the system uses instead.
/// </summary>
public sealed partial class DocumentedSystem : IAsyncLifetime
{
    private const string TimeoutSeconds = "120";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _ports = [];
    private AppHostProcess? _appHost;
    private ChildProcess? _simulator;

    /// <summary>The folder in which the commands run.</summary>
    public string HomeFolder => _folder.File("home");

    /// <summary>The port of a separate simulator, for commands that interrupt the feed; null to use the system's simulator.</summary>
    internal string? Simulator { get; set; }

    private string ProgramsFolder => _folder.File("programs");

    private Dictionary<string, string?> Variables { get; } = [];

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(ProgramsFolder);
        Directory.CreateDirectory(HomeFolder);
        await ShellPrograms.WriteAsync(ProgramsFolder);
        var installation = await TestInstallation.GetAsync();
        WriteStartScripts(installation.PostgresFolder);
        LayOutHome();
        // The pages use the default path of the cache.
        Directory.CreateDirectory(Path.Combine(HomeFolder, ".cache"));
        Directory.CreateSymbolicLink(Path.Combine(HomeFolder, ".cache/cloudticks"), Path.GetDirectoryName(installation.Folder)!);
        Variables["HOME"] = HomeFolder;
        Variables["PATH"] = $"{ProgramsFolder}:{Environment.GetEnvironmentVariable("PATH")}";
        Variables["XDG_CACHE_HOME"] = Path.GetDirectoryName(Path.GetDirectoryName(installation.Folder));
        Variables["DOTNET_ROOT"] = Path.GetDirectoryName(DotNetProgram.Command);
        Variables["EDITOR"] = Variables["VISUAL"] = "true";
        Variables["NO_PROXY"] = Variables["no_proxy"] = "127.0.0.1,localhost";

        _appHost = await AppHostProcess.StartAsync(["--rate", "300"], Variables, Path.Combine(HomeFolder, ".cloudticks"));
        await _appHost.WaitForLineAsync(
            line => line.Contains("everything is running", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        ReadPorts();
        await UntilTicksAreStoredAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (_simulator?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_appHost is not null)
        {
            await _appHost.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Starts a simulator in addition to the system's.</summary>
    /// <returns>Its port.</returns>
    internal async Task<string> StartSimulatorAsync()
    {
        var port = FreePort.Choose();
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _simulator = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [ProgramPath.Simulator],
            Environment = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" },
            OnOutput = line =>
            {
                if (line.Contains("Now listening on", StringComparison.Ordinal))
                {
                    listens.TrySetResult();
                }
            },
        });
        await await Task.WhenAny(listens.Task, _simulator.Exited).WaitAsync(TestContext.Current.CancellationToken);
        return $"{port}";
    }

    /// <summary>
    /// Runs a bash script until it exits, prints a line that matches <paramref name="until"/>, or has run for two minutes.
    /// </summary>
    internal async Task<ShellResult> RunAsync(string script, CancellationToken cancellationToken, Regex? until = null)
    {
        var (output, errors) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        var outputMatched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var shell = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = "timeout",
            Arguments = ["-s", "KILL", TimeoutSeconds, "bash", "-c", $"shopt -s expand_aliases\n{WithPorts(script)}\n"],
            WorkingFolder = HomeFolder,
            Environment = Variables,
            OnOutput = line => Add(output, line),
            OnError = line => Add(errors, line),
        });
        if (await Task.WhenAny(shell.Exited, outputMatched.Task).WaitAsync(cancellationToken) == outputMatched.Task)
        {
            // timeout(1) passes the signal on to all processes that the shell has started.
            await shell.TerminateAsync(TimeSpan.FromSeconds(30));
            shell.KillGroup();
        }

        return new ShellResult(await shell.Exited, string.Join('\n', output), string.Join('\n', errors));

        void Add(ConcurrentQueue<string> lines, string line)
        {
            lines.Enqueue(line);
            if (until?.IsMatch(line) == true)
            {
                outputMatched.TrySetResult();
            }
        }
    }

    private string WithPorts(string script) =>
        Port().Replace(script, match => match.Value == "8100" && Simulator is { } own ? own : _ports[match.Value]);

    /// <summary>
    /// Writes the scripts psql, cloudticks and dotnet. <c>dotnet run --project X</c> starts the program that was built with the tests, and
    /// builds nothing.
    /// </summary>
    private void WriteStartScripts(string postgres)
    {
        ShellPrograms.WriteScript(ProgramsFolder, "psql", $"exec {postgres}/psql \"$@\"");
        ShellPrograms.WriteScript(ProgramsFolder, "cloudticks", $"exec {DotNetProgram.Command} {ProgramPath.Cli} \"$@\"");
        ShellPrograms.WriteScript(
            ProgramsFolder, "dotnet",
            $$"""
            case "$1 $2" in
              "run --project")
                project=$3
                shift 3
                [ "$1" != -- ] || shift
                name=$(basename "$project")
                [ "$name" != CloudTicks.Cli ] || name=cloudticks
                exec {{DotNetProgram.Command}} "{{ProgramPath.RepositoryRoot}}/$project/bin/{{ProgramPath.Configuration}}/net10.0/$name.dll" "$@" ;;
              "build src/"*) test -f "{{ProgramPath.RepositoryRoot}}/$2/$(basename "$2").csproj" ;;
              *) echo "no such dotnet command in the documents: $*"; exit 2 ;;
            esac
            """);
    }

    /// <summary>Some commands write next to the examples, so the examples are copied.</summary>
    private void LayOutHome()
    {
        Directory.CreateSymbolicLink(Path.Combine(HomeFolder, "src"), Path.Combine(ProgramPath.RepositoryRoot, "src"));
        foreach (var file in Directory.GetFiles(Path.Combine(ProgramPath.RepositoryRoot, "examples"), "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(ProgramPath.RepositoryRoot, file);
            if (!path.Split('/').Any(part => part is "bin" or "obj"))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(HomeFolder, path))!);
                File.Copy(file, Path.Combine(HomeFolder, path));
            }
        }
    }

    /// <summary>Waits until the table, and so the archive, has ticks of the symbol in most commands.</summary>
    private async Task UntilTicksAreStoredAsync()
    {
        var result = await RunAsync(
            """
            until [ "$(curl -s 'http://127.0.0.1:7071/api/v1/ticks/EURUSD?limit=100' | jq length)" -gt 10 ] 2> /dev/null
            do sleep 0.2; done
            """,
            TestContext.Current.CancellationToken);
        result.ExitCode.ShouldBe(0, result.Both);
    }

    private void ReadPorts()
    {
        using var note = JsonDocument.Parse(File.ReadAllText(Path.Combine(HomeFolder, ".cloudticks/simulated/services.json")));
        var system = note.RootElement;
        // The addresses are in the order of the ports 7071, 7000 and 9100.
        var hubs = system.GetProperty("hub_addresses").EnumerateArray().Select(address => new Uri(address.GetString()!)).ToArray();
        foreach (var (port, address) in new (string, Uri)[]
        {
            ("7071", hubs[0]), ("7000", hubs[1]), ("9100", hubs[2]),
            ("8000", new Uri(system.GetProperty("collectors")[0].GetString()!)),
            ("8080", new Uri(system.GetProperty("dashboard").GetString()!)),
            ("8100", new Uri(system.GetProperty("simulator").GetString()!)),
            ("8222", new Uri(system.GetProperty("nats_monitors")[0].GetString()!)),
            ("4222", new Uri(system.GetProperty("nats").GetString()!)),
            ("9092", new Uri($"kafka://{system.GetProperty("event_hub").GetString()}")),
        })
        {
            _ports[port] = $"{address.Port}";
        }

        _ports["5433"] = $"{system.GetProperty("database").GetProperty("port").GetInt32()}";
    }

    [GeneratedRegex(@"(?<=(?:127\.0\.0\.1|localhost)[: ]|-p )(?:7071|7000|9100|8000|8080|8100|8222|4222|9092|5433)\b")]
    private static partial Regex Port();
}
