using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudTicks.LocalServices.Processes;

namespace AppHost.Tests;

/// <summary>The output of AppHost on a terminal, which script(1) provides.</summary>
[Collection("AppHost")]
public sealed partial class TerminalTests : IDisposable
{
    private const string ShowCursor = "\e[?25h";
    private const string HideCursor = "\e[?25l";
    private const string EnterScreen = "\e[?1049h";
    private const string LeaveScreen = "\e[?1049l";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cloudticks-terminal-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Finished_run_leaves_the_proof_on_the_terminal()
    {
        var run = await RunAsync("--for 24h --rate 500", (PriceOfEuro(), _ => StopFeedAsync()));

        run.ExitCode.ShouldBe(0, run.Text);
        run.Text.ShouldContain("StoreTicks");
        run.Text.ShouldContain("EURUSD");
        run.Text.ShouldContain(HideCursor);
        var rest = run.Text[(run.Text.LastIndexOf(LeaveScreen, StringComparison.Ordinal) + LeaveScreen.Length)..];
        run.Text.LastIndexOf(ShowCursor, StringComparison.Ordinal)
            .ShouldBeGreaterThan(run.Text.LastIndexOf(HideCursor, StringComparison.Ordinal));
        rest.ShouldContain("every tick arrived");
        rest.ShouldContain("apphost.log");
        File.ReadAllText(Path.Combine(_data.FullName, "simulated", "apphost.log")).ShouldContain("The collector stopped:");
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task Signal_restores_the_terminal_from_the_live_table(PosixSignal signal)
    {
        var expectedText = signal == PosixSignal.SIGINT ? RowOfStoreTicks() : AllWell();
        var run = await RunAsync("--rate 500 --no-color", (expectedText, process => EndAsync(process, signal)));

        run.ExitCode.ShouldBe(0, run.Text);
        run.Text.LastIndexOf(ShowCursor, StringComparison.Ordinal)
            .ShouldBeGreaterThan(run.Text.LastIndexOf(HideCursor, StringComparison.Ordinal));
        run.Text.ShouldContain("everything has stopped");
    }

    [Fact]
    public async Task Failed_start_restores_the_terminal_and_prints_the_reason()
    {
        var run = await RunAsync("--for 2s", environment: new() { ["ConnectionStrings__nats"] = "no://such" });

        run.ExitCode.ShouldBe(2, run.Text);
        run.Text.LastIndexOf(ShowCursor, StringComparison.Ordinal)
            .ShouldBeGreaterThan(run.Text.LastIndexOf(HideCursor, StringComparison.Ordinal));
        run.Text[run.Text.LastIndexOf(LeaveScreen, StringComparison.Ordinal)..].ShouldContain("ConnectionStrings__nats cannot be read");
    }

    [Theory]
    [InlineData("--for 1s --rate 500", "dumb")]
    [InlineData("--for 1s --rate 500 --log-json", "xterm-256color")]
    [InlineData("--for 1s --rate 500 --plain", "xterm-256color")]
    public async Task No_table_on_dumb_terminal_or_if_lines_are_requested(string arguments, string terminal)
    {
        var run = await RunAsync(arguments, terminal: terminal);

        run.ExitCode.ShouldBe(0, run.Text);
        run.Text.ShouldNotContain(EnterScreen);
        run.Text.ShouldNotContain(HideCursor);
        run.Text.ShouldContain("every tick arrived");
    }

    [Fact]
    public async Task Table_without_colours_only_moves_the_cursor()
    {
        var run = await RunAsync("--for 2s --rate 500 --no-color");

        run.ExitCode.ShouldBe(0, run.Text);
        run.Text.ShouldContain("StoreTicks");
        run.Text.ShouldNotMatch("\e\\[[0-9;]+m");
    }

    public void Dispose()
    {
        try
        {
            _data.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A part that AppHost killed for stopping too slowly created a file during the deletion.
        }
    }

    private async Task<(int ExitCode, string Text)> RunAsync(
        string arguments, (Regex Text, Func<ChildProcess, Task> Do)? on = null, string terminal = "xterm-256color",
        Dictionary<string, string?>? environment = null)
    {
        var lines = new ConcurrentQueue<string>();
        var textSeen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = "/usr/bin/script",
            Arguments = ["-qefc",
                $"stty columns 100 rows 30; exec {DotNetProgram.Command} {ProgramPath.AppHost} --data {_data.FullName} {arguments}",
                "/dev/null"],
            Inherited = ChildVariables.All,
            Environment = new Dictionary<string, string?>(environment ?? []) { ["TERM"] = terminal, ["NO_COLOR"] = null },
            OnOutput = line =>
            {
                lines.Enqueue(line);
                if (on is { } awaited && awaited.Text.IsMatch(line))
                {
                    textSeen.TrySetResult();
                }
            },
        });
        if (on is { } then)
        {
            (await Task.WhenAny(textSeen.Task, process.Exited).WaitAsync(Cancellation)).ShouldBe(textSeen.Task, string.Join('\n', lines));
            await then.Do(process);
        }

        var exitCode = await process.Exited.WaitAsync(Cancellation);
        return (exitCode, string.Join('\n', lines));
    }

    /// <summary>Matches the rate and lag of StoreTicks at 500 ticks a second.</summary>
    [GeneratedRegex(@"StoreTicks +running +[45]\d\d +\d+")]
    private static partial Regex RowOfStoreTicks();

    [GeneratedRegex(@"All well: [45]\d\d ticks a second")]
    private static partial Regex AllWell();

    /// <summary>Matches a price of EURUSD in the table, with or without colours.</summary>
    [GeneratedRegex(@"EURUSD *(?:\e\[[\d;]*m)* *\d+\.\d")]
    private static partial Regex PriceOfEuro();

    /// <summary>Stops the simulator from sending, which ends the run.</summary>
    private async Task StopFeedAsync()
    {
        // The table may show prices before AppHost has written the addresses.
        var note = Path.Combine(_data.FullName, "simulated", "services.json");
        while (!File.Exists(note))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        using var services = JsonDocument.Parse(await File.ReadAllTextAsync(note, Cancellation));
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            new Uri(new Uri(services.RootElement.GetProperty("simulator").GetString()!), "api/v1/stop"), content: null, Cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Sends the signal to AppHost itself, the child process of script(1).</summary>
    private static async Task EndAsync(ChildProcess script, PosixSignal signal)
    {
        var appHost = LinuxProcesses.ChildrenOf(script.Pid).Single();
        using var kill = Process.Start("kill", [signal == PosixSignal.SIGINT ? "-INT" : "-TERM", $"{appHost}"]);
        await kill.WaitForExitAsync(Cancellation);
    }
}
