namespace CloudTicks.Replay.Capture;

/// <summary>
/// A file is damaged or was not written by Capture. The message completes the sentence "The file ... cannot be read after byte ...: ".
/// </summary>
internal sealed class CaptureFormatException(string message) : Exception(message);
