using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Benchmarks.Decoding;

/// <summary>Runs decode.mjs. Each pass is a process that decodes all frames several times and reports the last duration.</summary>
/// <param name="folder">The folder of decode.mjs.</param>
/// <param name="hasClient">Whether the folder contains Polygon's client.</param>
internal sealed class NodeProgram(string folder, bool hasClient)
{
    private string FramesFile => Path.Combine(folder, "frames");

    public bool HasClient => hasClient;

    /// <summary>Writes the frames to a file, each after its length in four bytes.</summary>
    public async Task WriteFramesAsync(TickFrames frames, CancellationToken cancellationToken)
    {
        await using var file = File.Create(FramesFile);
        var length = new byte[sizeof(uint)];
        foreach (var frame in frames.Frames)
        {
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)frame.Length);
            await file.WriteAsync(length, cancellationToken);
            await file.WriteAsync(frame, cancellationToken);
        }
    }

    public async Task<Pass> RunAsync(string mode, CancellationToken cancellationToken)
    {
        using var report = JsonDocument.Parse(await RunScriptAsync([mode], cancellationToken));
        var nanoseconds = double.Parse(report.RootElement.GetProperty("nanoseconds").GetString()!, CultureInfo.InvariantCulture);
        return new Pass(report.RootElement.GetProperty("ticks").GetInt64(), TimeSpan.FromMilliseconds(nanoseconds / 1e6));
    }

    /// <summary>The digest of all values of all ticks, as <see cref="Sides.ValueDigest"/> calculates it.</summary>
    public async Task<string> DigestAsync(string mode, CancellationToken cancellationToken)
    {
        using var report = JsonDocument.Parse(await RunScriptAsync([mode, "digest"], cancellationToken));
        return report.RootElement.GetProperty("digest").GetString()!;
    }

    private async Task<string> RunScriptAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (output, errors) = ("", new List<string>());
        var options = new ChildProcessOptions
        {
            FileName = "node",
            Arguments = ["decode.mjs", FramesFile, .. arguments],
            WorkingFolder = folder,
            OnOutput = line => output = line,
            OnError = errors.Add,
        };
        var exitCode = await ChildProcess.RunAsync(options, cancellationToken);
        return exitCode == 0 && output.StartsWith('{')
            ? output
            : throw new BenchmarkException($"node exited with code {exitCode}: {string.Join(" / ", errors.Take(5))}");
    }
}
