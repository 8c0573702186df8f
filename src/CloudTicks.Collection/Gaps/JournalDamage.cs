namespace CloudTicks.Collection.Gaps;

internal sealed record JournalDamage(string Path, int Places, long Bytes, int Entries, string SavedIn);
