using System.Collections.Concurrent;
using System.Reflection;
using CloudTicks.LocalServices.Processes;

namespace ServiceDefaults.Tests;

/// <summary>One of the services in its own process.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly SemaphoreSlim _lineWritten = new(0);
    private ChildProcess? _child;

    public IReadOnlyCollection<string> Output => _output;

    public IReadOnlyCollection<string> Errors => _errors;

    public IEnumerable<string> Lines => _output.Concat(_errors);

    public Task<int> Exited => _child!.Exited;

    public static async Task<ServiceProcess> StartAsync(string program, string[] arguments, Dictionary<string, string?>? environment = null)
    {
        var service = new ServiceProcess();
        service._child = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments =
            [
                typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(path => path.Key == program).Value!,
                .. arguments,
            ],
            Environment = environment ?? [],
            OnOutput = line => service.Add(service._output, line),
            OnError = line => service.Add(service._errors, line),
        });
        return service;
    }

    /// <summary>Waits for a line of standard output that contains a text. Throws if the process exits first.</summary>
    public async Task<string> LineAsync(string text)
    {
        while (true)
        {
            // Check for the exit first: a process that has exited writes nothing more.
            var hasExited = Exited.IsCompleted;
            if (_output.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            if (hasExited)
            {
                throw new InvalidOperationException($"The process ended without writing '{text}': {this}");
            }

            await Task.WhenAny(_lineWritten.WaitAsync(TestContext.Current.CancellationToken), Exited);
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    public Task<int> StopAsync() => _child!.TerminateAsync(StopGrace);

    public override string ToString() => string.Join('\n', Lines);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _child!.DisposeAsync();
        _lineWritten.Dispose();
    }

    private void Add(ConcurrentQueue<string> lines, string line)
    {
        lines.Enqueue(line);
        _lineWritten.Release();
    }
}
