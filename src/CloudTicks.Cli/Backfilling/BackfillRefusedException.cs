namespace CloudTicks.Cli.Backfilling;

/// <summary>The collector refused a request for a backfill or its progress; the message says why.</summary>
internal sealed class BackfillRefusedException(string message) : Exception(message);
