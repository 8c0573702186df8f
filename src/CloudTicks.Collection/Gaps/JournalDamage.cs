namespace CloudTicks.Collection.Gaps;

/// <summary>What was found damaged in a journal when it was opened.</summary>
internal sealed record JournalDamage(string Path, int Places, long Bytes, int Entries, string KeptIn);
