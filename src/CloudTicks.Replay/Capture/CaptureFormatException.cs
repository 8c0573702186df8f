namespace CloudTicks.Replay.Capture;

/// <summary>A file is not of Capture, or damaged; the message ends the sentence "The file ... cannot be read: ".</summary>
internal sealed class CaptureFormatException(string message) : Exception(message);
