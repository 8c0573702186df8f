using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CloudTicks.LocalServices.Processes;

/// <summary>
/// A child process. On Linux with util-linux it is started by <c>setsid setpriv --pdeathsig KILL</c>: it dies when this process dies, and
/// Ctrl-C in a terminal reaches only this process, which then stops its children in order. Otherwise it is started directly.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    // The maximum wait for an ended child's last lines: they take a while on a busy machine, and a grandchild may keep the pipes open.
    private static readonly TimeSpan LastLinesGrace = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly TimeProvider _time;

    private ChildProcess(Process process, ChildProcessOptions options, TimeProvider time)
    {
        _process = process;
        _time = time;
        Pid = process.Id;
        Exited = WaitAsync(
            ReadLinesAsync(process.StandardOutput, options.OnOutput), ReadLinesAsync(process.StandardError, options.OnError));
    }

    /// <summary>The process id of the program itself, because setsid and setpriv replace themselves with it.</summary>
    public int Pid { get; }

    /// <summary>Completes with the exit code (128 + signal for a signal) when the process has ended and its last lines were
    /// delivered, at most 10 s after its end.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="time">The clock of the grace periods; the system's when null.</param>
    /// <returns>The child.</returns>
    /// <exception cref="FileNotFoundException">The program does not exist, or setpriv is needed and missing.</exception>
    public static async Task<ChildProcess> StartAsync(ChildProcessOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var program = ProgramPath.Find(options.FileName)
            ?? throw new FileNotFoundException($"The program {options.FileName} does not exist.", options.FileName);
        var process = new Process { StartInfo = StartInfo(program, options) };
        try
        {
            await ProcessStarter.StartAsync(process);
        }
        catch
        {
            process.Dispose();
            throw;
        }

        process.StandardInput.Close(); // the child must not read from the terminal
        return new ChildProcess(process, options, time ?? TimeProvider.System);
    }

    /// <summary>Runs a program until it ends.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(ChildProcessOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var child = await StartAsync(options);
        return await child.Exited.WaitAsync(cancellationToken);
    }

    /// <summary>Sends a signal, and kills the process after the grace period. Windows has no such signal: the process is killed
    /// immediately.</summary>
    /// <param name="grace">The grace period.</param>
    /// <param name="signal">SIGTERM, or PostgreSQL's SIGINT (fast shutdown) and SIGQUIT (immediate shutdown).</param>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(TimeSpan grace, PosixSignal signal = PosixSignal.SIGTERM)
    {
        if (OperatingSystem.IsWindows())
        {
            Kill();
            return await Exited;
        }

        if (!Exited.IsCompleted && !_process.HasExited)
        {
            _ = LibC.Kill(Pid, NumberOf(signal));
        }

        try
        {
            return await Exited.WaitAsync(grace, _time);
        }
        catch (TimeoutException)
        {
            Kill();
            return await Exited;
        }
    }

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGINT => LibC.SigInt,
        PosixSignal.SIGQUIT => LibC.SigQuit,
        PosixSignal.SIGTERM => LibC.SigTerm,
        _ => throw new ArgumentOutOfRangeException(
            nameof(signal), signal, "A process can be stopped only with SIGINT, SIGQUIT or SIGTERM."),
    };

    /// <summary>Kills the process immediately (SIGKILL), but not its children.</summary>
    public void Kill()
    {
        if (!Exited.IsCompleted)
        {
            _process.Kill();
        }
    }

    /// <summary>Kills the process and the children it started, even after the process itself has ended. Linux only.</summary>
    public void KillGroup()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = LibC.Kill(-Pid, LibC.SigKill); // setsid made the child the leader of a process group
        }
    }

    /// <summary>If the process is still running, kills it and its children. Waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted && !_process.HasExited)
        {
            KillGroup();
        }

        Kill();
        await Exited;
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string program, ChildProcessOptions options)
    {
        List<string> command = [program, .. options.Arguments];
        if (OperatingSystem.IsLinux() && ProgramPath.Find("setsid") is { } setsid && ProgramPath.Find("setpriv") is { } setpriv)
        {
            command.InsertRange(0, [setsid, setpriv, .. options.RunAs?.SetprivArguments() ?? [], "--pdeathsig", "KILL", "--"]);
        }
        else if (options.RunAs is not null)
        {
            throw new FileNotFoundException(
                $"setsid and setpriv (package util-linux) are needed to start {program} as a user other than root.");
        }

        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.WorkingFolder ?? "",
        };
        foreach (var name in info.Environment.Keys.Where(name => !ChildVariables.Contains(name, options.Inherited)).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in options.Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static async Task ReadLinesAsync(StreamReader reader, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine?.Invoke(line);
        }
    }

    private async Task<int> WaitAsync(Task output, Task error)
    {
        await _process.WaitForExitAsync();
        try
        {
            await Task.WhenAll(output, error).WaitAsync(LastLinesGrace, _time);
        }
        catch (TimeoutException)
        {
            // A grandchild still holds the pipe; its later lines are ignored.
        }

        return _process.ExitCode;
    }
}
