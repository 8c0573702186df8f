using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Wal;

/// <summary>A batch in a log file.</summary>
/// <param name="At">The byte of the file at which the batch begins.</param>
/// <param name="IsAddressVerified">True when a verified checksum covers the batch's address and offset.</param>
internal readonly record struct FoundBatch(BatchAddress Address, RecordBatch Batch, int At, bool IsAddressVerified);
