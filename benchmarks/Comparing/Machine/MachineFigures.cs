using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CloudTicks.Benchmarks.Hub;

namespace CloudTicks.Benchmarks.Comparing.Machine;

/// <summary>The speed of the machine itself, measured with each benchmark, so that runs on different machines can be compared.</summary>
/// <param name="FlushP50Ms">Median time of a 4 KiB write with fdatasync.</param>
/// <param name="FlushP99Ms">99th percentile of the same writes.</param>
/// <param name="DecodeNs">Nanoseconds per event of a fixed text, read with Utf8JsonReader, in the fastest of many passes.</param>
/// <param name="LoadAverage">The machine's load average of the last minute.</param>
public sealed record MachineFigures(double FlushP50Ms, double FlushP99Ms, double DecodeNs, double LoadAverage)
{
    private const int Flushes = 500;
    private const int BlockBytes = 4096;
    private const int Passes = 20;
    private const int Events = 20_000;

    /// <summary>Measures the machine, which takes a second or two.</summary>
    /// <param name="folder">A folder on the disk to measure.</param>
    public static MachineFigures Measure(string folder)
    {
        var flushes = Flush(Path.Combine(folder, "fdatasync-probe"));
        return new MachineFigures(
            flushes[Flushes / 2], flushes[Flushes * 99 / 100], Decode(),
            double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static double[] Flush(string path)
    {
        var times = new double[Flushes];
        var block = new byte[BlockBytes];
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (var index = 0; index < Flushes; index++)
            {
                var started = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, block, (long)index * BlockBytes);
                SystemCalls.FlushData(file);
                times[index] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }

        File.Delete(path);
        Array.Sort(times);
        return times;
    }

    /// <summary>Measures JSON decoding without our own code, so that the figure depends only on the machine.</summary>
    private static double Decode()
    {
        const string quote = """{"ev":"C","p":"EUR/USD","x":48,"a":1.04523,"b":1.04517,"t":1737993600000}""";
        var text = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(quote, Events))}]");
        var fastest = double.MaxValue;
        for (var pass = 0; pass < Passes; pass++)
        {
            var started = Stopwatch.GetTimestamp();
            var sum = 0m;
            var reader = new Utf8JsonReader(text);
            while (reader.Read())
            {
                sum += reader.TokenType == JsonTokenType.Number ? reader.GetDecimal() : 0;
            }

            // Using the sum forces the values to be read.
            fastest = sum > 0 ? Math.Min(fastest, Stopwatch.GetElapsedTime(started).TotalNanoseconds / Events) : fastest;
        }

        return fastest;
    }
}
