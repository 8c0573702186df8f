using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>The event hub in its own process, with its default settings.</summary>
internal sealed partial class HubProgram : IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    private readonly ChildProcess _process;

    private HubProgram(ChildProcess process, IPEndPoint address) => (_process, Address) = (process, address);

    public IPEndPoint Address { get; }

    public int Pid => _process.Pid;

    /// <summary>Starts the event hub on a free port.</summary>
    /// <param name="dataFolder">The event hub's data folder.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <param name="program">The path of another build of the event hub, to run instead of this one; empty for this one.</param>
    /// <param name="settings">Additional environment variables.</param>
    public static async Task<HubProgram> StartAsync(
        string dataFolder, CancellationToken cancellationToken, string program = "", IReadOnlyDictionary<string, string?>? settings = null)
    {
        program = program.Length > 0 ? program : typeof(HubProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(value => value.Key == "EventHubProgram").Value!;
        var listening = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [program, "--data", dataFolder, "--port", "0", "--health-port", "0"],
            Environment = settings ?? new Dictionary<string, string?>(),
            OnOutput = Read,
            OnError = Read,
        });
        try
        {
            await Task.WhenAny(listening.Task, process.Exited).WaitAsync(cancellationToken);
            return listening.Task.IsCompleted
                ? new HubProgram(process, new IPEndPoint(IPAddress.Loopback, await listening.Task))
                : throw new BenchmarkException($"The event hub did not start: exit code {await process.Exited}.");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        void Read(string line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                listening.TrySetResult(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.TerminateAsync(StopGrace);
        await _process.DisposeAsync();
    }

    /// <summary>Matches the line with the event hub's port, but not ASP.NET Core's line with the URL of the health port.</summary>
    [GeneratedRegex(@"listening on 127\.0\.0\.1:([0-9]+), data in")]
    private static partial Regex Listening();
}
