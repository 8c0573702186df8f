using System.Globalization;

namespace CloudTicks.LocalServices.Installation;

/// <summary>Writes the progress of an installation as plain lines, in order, as it is reported.</summary>
/// <param name="writer">Receives the lines.</param>
public sealed class InstallationReport(TextWriter writer) : IProgress<InstallationProgress>
{
    private const int UnpackedPerLine = 10;

    /// <summary>Writes a line for each step, but only for every tenth unpacked package and the last.</summary>
    /// <param name="value">The progress.</param>
    public void Report(InstallationProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Line(value) is { } line)
        {
            writer.WriteLine(line);
        }
    }

    private static string? Line(InstallationProgress at) => at.Step switch
    {
        InstallationStep.Waiting => $"local services: waiting for another process that is fetching them (lock {at.Subject})",
        InstallationStep.Starting => $"local services: fetching {Content(at.Subject)}, once, into {at.Subject}",
        InstallationStep.PackageLists => $"local services: reading the package lists of {at.Subject}",
        InstallationStep.Downloading when at.TotalBytes == 0 => $"local services: downloading {at.Subject}",
        InstallationStep.Downloading =>
            $"local services: downloading {at.Number} of {at.Count} packages, {Megabytes(at.Bytes)} of {Megabytes(at.TotalBytes)} MB: "
                + at.Subject,
        InstallationStep.Unpacking when at.Number % UnpackedPerLine == 0 || at.Number == at.Count =>
            $"local services: unpacked {at.Number} of {at.Count} packages",
        InstallationStep.Unpacking => null,
        InstallationStep.Preparing => $"local services: preparing {at.Subject}",
        InstallationStep.Done => $"local services: ready in {at.Subject}",
        _ => null,
    };

    private static string Content(string folder) =>
        folder.Contains("libduckdb", StringComparison.Ordinal) ? "libduckdb" : "TimescaleDB, NATS and the client libraries";

    private static string Megabytes(long bytes) => (bytes / 1_000_000.0).ToString("0.0", CultureInfo.InvariantCulture);
}
