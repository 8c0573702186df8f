using System.Reflection;
using System.Threading.Channels;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Tests.Processes;

/// <summary>A run of CloudTicks.LocalServices.Parent, and its lines.</summary>
internal sealed class ParentProgram : IAsyncDisposable
{
    private readonly ChannelReader<string> _lines;
    private readonly List<string> _readLines = [];

    private ParentProgram(ChildProcess process, ChannelReader<string> lines)
    {
        Process = process;
        _lines = lines;
    }

    public ChildProcess Process { get; }

    public static async Task<ParentProgram> StartAsync(string[] arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var programMetadata = typeof(ParentProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "ParentProgram");
        var lines = Channel.CreateBounded<string>(10_000); // it writes a few hundred
        var process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [programMetadata.Value!, .. arguments],
            Inherited = ChildVariables.All,
            Environment = environment ?? new Dictionary<string, string?>(),
            OnOutput = line => lines.Writer.TryWrite(line),
            OnError = line => lines.Writer.TryWrite(line),
        });
        _ = process.Exited.ContinueWith(_ => lines.Writer.TryComplete(), TaskScheduler.Default);
        return new ParentProgram(process, lines.Reader);
    }

    /// <summary>Reads lines until one contains the text, and returns that line.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        await foreach (var line in _lines.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            _readLines.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The program ended without '{text}': {string.Join(" | ", _readLines.TakeLast(10))}");
    }

    /// <summary>Reads the remaining lines until the program ends.</summary>
    public async Task<IReadOnlyList<string>> ReadAllAsync()
    {
        await foreach (var line in _lines.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            _readLines.Add(line);
        }

        return _readLines;
    }

    /// <summary>Resumes a program that has paused after a line.</summary>
    public async Task ResumeAsync()
    {
        var kill = new ChildProcessOptions { FileName = "kill", Arguments = ["-CONT", $"{Process.Pid}"] };
        (await ChildProcess.RunAsync(kill, TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    public async Task KillAsync()
    {
        Process.Kill();
        await Process.Exited;
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
