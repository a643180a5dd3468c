namespace SwarmPool.Runtime.Tests.Support;

/// <summary>How long a test waits for what has to come, and for what must not.</summary>
internal static class Patience
{
    /// <summary>Long enough for a loaded machine; passing tests never wait as long.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    /// <summary>Long enough for something wrong to show itself.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);
}
