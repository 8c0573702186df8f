using System.Runtime.InteropServices;
using CloudTicks.AppHost.Local.Lines;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Signals that stop a run: Ctrl-C, SIGTERM, and the exit of the <c>dotnet run</c> that started it.</summary>
internal sealed class Interruption : IAsyncDisposable
{
    private readonly CancellationTokenSource _interrupted = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly Task _starterWatch;

    public Interruption(RunLines lines, TimeProvider time)
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        _starterWatch = WatchStarterAsync(lines, time);
    }

    public CancellationToken Token => _interrupted.Token;

    public async ValueTask DisposeAsync()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        await _stopping.CancelAsync();
        await _starterWatch;
        _stopping.Dispose();
        _interrupted.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _interrupted.Cancel();
    }

    private async Task WatchStarterAsync(RunLines lines, TimeProvider time)
    {
        try
        {
            await StartedByDotNetRun.WaitForParentExitAsync(time, _stopping.Token);
            lines.Write("run", LineLevel.Warning, "the 'dotnet run' that started AppHost has ended; everything stops");
            await _interrupted.CancelAsync();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The run has ended already.
        }
    }
}
