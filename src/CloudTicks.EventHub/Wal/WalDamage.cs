namespace CloudTicks.EventHub.Wal;

/// <summary>A stretch of the log that had been acknowledged and is not what was written.</summary>
internal readonly record struct WalDamage(string File, long From, long To);
