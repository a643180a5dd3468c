using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Digits.Glyphs;

/// <summary>How each digit is written: its strokes, as points in a unit square (x to the right, y down).</summary>
internal static class DigitStrokes
{
    private static readonly Stroke[][][] Forms =
    [
        [[Loop(.50f, .15f, .70f, .27f, .74f, .50f, .70f, .73f, .50f, .85f, .30f, .73f, .26f, .50f, .30f, .27f)]],
        [
            [Line(.36f, .31f, .52f, .15f, .52f, .85f)],
            [Line(.37f, .30f, .51f, .15f, .51f, .85f), Line(.36f, .85f, .66f, .85f)],
        ],
        [[Curve(.28f, .32f, .36f, .18f, .54f, .15f, .70f, .26f, .68f, .43f, .49f, .63f, .27f, .85f), Line(.27f, .85f, .75f, .85f)]],
        [
            [
                Curve(.29f, .24f, .46f, .15f, .67f, .22f, .68f, .38f, .46f, .48f),
                Curve(.46f, .48f, .70f, .56f, .73f, .72f, .52f, .85f, .27f, .77f),
            ],
        ],
        [
            [Line(.61f, .85f, .61f, .15f, .25f, .63f, .78f, .63f)],
            [Line(.32f, .15f, .28f, .56f, .76f, .56f), Line(.63f, .32f, .63f, .85f)],
        ],
        [[Line(.71f, .15f, .35f, .15f, .31f, .47f), Curve(.31f, .47f, .50f, .40f, .70f, .51f, .71f, .70f, .52f, .85f, .28f, .78f)]],
        [[Curve(.65f, .15f, .42f, .32f, .29f, .58f, .36f, .80f, .54f, .85f, .70f, .73f, .67f, .55f, .49f, .49f, .30f, .62f)]],
        [
            [Line(.27f, .15f, .74f, .15f, .43f, .85f)],
            [Line(.27f, .15f, .74f, .15f, .44f, .85f), Line(.38f, .50f, .70f, .50f)],
        ],
        [
            [
                Loop(.50f, .15f, .67f, .23f, .66f, .39f, .50f, .48f, .34f, .39f, .33f, .23f),
                Loop(.50f, .48f, .70f, .58f, .71f, .75f, .50f, .85f, .29f, .75f, .30f, .58f),
            ],
        ],
        [[Loop(.52f, .15f, .69f, .24f, .69f, .41f, .52f, .51f, .35f, .43f, .34f, .25f), Curve(.70f, .30f, .69f, .56f, .55f, .85f)]],
    ];

    /// <summary>One of the forms that a digit is written in.</summary>
    public static IReadOnlyList<Stroke> Of(int digit, SplitMix random) => Forms[digit][random.Below(Forms[digit].Length)];

    private static Stroke Line(params float[] xy) => new(xy, Smooth: false, Closed: false);

    private static Stroke Curve(params float[] xy) => new(xy, Smooth: true, Closed: false);

    private static Stroke Loop(params float[] xy) => new(xy, Smooth: true, Closed: true);
}

/// <summary>One stroke of a pen.</summary>
/// <param name="Xy">The points it goes through: x, y, x, y …</param>
/// <param name="Smooth">Whether it bends through its points rather than turning at them.</param>
/// <param name="Closed">Whether it ends where it began.</param>
internal sealed record Stroke(float[] Xy, bool Smooth, bool Closed);
