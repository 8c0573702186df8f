using System.Text;

namespace CloudTicks.Messaging;

/// <summary>The syntax of subjects, and of patterns of subjects.</summary>
internal static class SubjectSyntax
{
    /// <summary>Whether the server reads these bytes as one subject: a blank or control character would end it.</summary>
    public static bool IsSubject(ReadOnlySpan<byte> subject) => !subject.IsEmpty && subject.IndexOfAnyInRange((byte)0, (byte)' ') < 0;

    /// <summary>Whether the text is a valid subscription: non-empty tokens without blanks, <c>&gt;</c> only as the last.</summary>
    public static bool IsPattern(string? subject)
    {
        if (subject is null || !IsSubject(Encoding.UTF8.GetBytes(subject)))
            return false;
        var tokens = subject.Split('.');
        return tokens.All(token => token.Length > 0) && tokens.AsSpan(..^1).IndexOf(">") < 0;
    }
}
