using CloudTicks.CentralHub.Figures;
using CloudTicks.CentralHub.Store.Reports;
using CloudTicks.ServiceDocuments;
using Npgsql;

namespace CloudTicks.Functions.Disks;

/// <summary>The disks of the collectors' spools, as reported to the central hub.</summary>
internal sealed class SpoolDisk(ServiceReports reports, TimeProvider time) : IDiskSource
{
    /// <summary>The maximum age of a report: a collector that has not reported for longer has stopped or is disconnected.</summary>
    private static readonly TimeSpan MaxReportAge = TimeSpan.FromMinutes(1);

    private const string Remedy = "Restore the event hub, or free space on the collector's disk.";

    public async Task<IReadOnlyList<DiskReading>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var minReportedMs = (time.GetUtcNow() - MaxReportAge).ToUnixTimeMilliseconds();
            var allReports = await reports.ReadAsync(ServiceNames.Collector, cancellationToken);
            var readings = allReports.Where(report => report.ReportedMs >= minReportedMs).Select(Reading).OfType<DiskReading>().ToArray();
            return readings.Length > 0
                ? readings
                : [Unknown("No collector reports its spool to the central hub; see GET /api/v1/status of a collector.")];
        }
        catch (NpgsqlException exception)
        {
            return [Unknown($"The database does not answer: {exception.Message}")];
        }
    }

    private static DiskReading? Reading(ServiceReport report) =>
        report.Figures.TryGetValue(ServiceFigure.SpoolBytes, out var bytes)
            && report.Figures.TryGetValue(ServiceFigure.SpoolLimitBytes, out var limit)
            ? new DiskReading("spool", $"collector {report.Instance}", Remedy)
            {
                Bytes = (long)bytes,
                FreeBytes = (long)Math.Max(limit - bytes, 0),
                TotalBytes = (long)limit,
            }
            : null;

    private static DiskReading Unknown(string note) => new("spool", "collectors", Remedy) { Note = note };
}
