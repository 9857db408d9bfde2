import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

export interface Source {
  readonly path: string;
  readonly text: string;
}

const fixtures = join(import.meta.dirname, '../fixtures/lint');

/** The annotated sources of the tests, in every language. */
export async function annotatedSources(): Promise<Source[]> {
  const names = await readdir(fixtures, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && extname(entry.name) !== '.json');
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { path, text: await readFile(path, 'utf8') };
    }),
  );
}

/**
 * A Go file of about `lines` lines, as a service's client package looks: every third method calls an RPC, the
 * others do what programs do.
 */
export function goFile(lines: number): string {
  const parts = [goHead];
  let count = goHead.split('\n').length;
  for (let at = 0; count < lines; at += 1) {
    const part = (goFunctions[at % goFunctions.length] ?? '').replaceAll('§', String(at));
    parts.push(part);
    count += part.split('\n').length;
  }
  return parts.join('\n');
}

const goHead = `package market

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	marketv1 "example.com/market/gen/market/v1"
)

type Client struct {
	listings marketv1.ListingServiceClient
	prices   marketv1.PriceServiceClient
	cache    map[string]*marketv1.Listing
}

func NewClient(conn *grpc.ClientConn) *Client {
	return &Client{
		listings: marketv1.NewListingServiceClient(conn),
		prices:   marketv1.NewPriceServiceClient(conn),
		cache:    map[string]*marketv1.Listing{},
	}
}
`;

const goFunctions = [
  `
// Fetch§ reads a listing, from the cache if it is there.
func (c *Client) Fetch§(ctx context.Context, id string, fresh bool) (*marketv1.Listing, error) {
	if listing, ok := c.cache[id]; ok && !fresh {
		return listing, nil
	}
	ctx = metadata.AppendToOutgoingContext(ctx, "x-request", fmt.Sprintf("fetch-%d", §))
	callCtx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	listing, err := c.listings.GetListing(callCtx, &marketv1.GetListingRequest{ListingId: id})
	if err != nil {
		return nil, fmt.Errorf("fetch %q: %w", id, err)
	}
	c.cache[id] = listing
	return listing, nil
}
`,
  `
// rank§ sorts by price, then by title; what has no title comes last.
func rank§(listings []*marketv1.Listing, limit int) []*marketv1.Listing {
	ranked := make([]*marketv1.Listing, 0, len(listings))
	for _, listing := range listings {
		if listing == nil || strings.TrimSpace(listing.GetTitle()) == "" {
			continue
		}
		ranked = append(ranked, listing)
	}
	sort.Slice(ranked, func(i, j int) bool {
		if ranked[i].GetPriceCents() != ranked[j].GetPriceCents() {
			return ranked[i].GetPriceCents() < ranked[j].GetPriceCents()
		}
		return ranked[i].GetTitle() < ranked[j].GetTitle()
	})
	if limit > 0 && len(ranked) > limit {
		return ranked[:limit]
	}
	return ranked
}
`,
  `
type options§ struct {
	Name    string
	Retries int
	Labels  map[string]string
}

func (o *options§) validate() error {
	switch {
	case o.Name == "":
		return errors.New("options§: no name")
	case o.Retries < 0 || o.Retries > 10:
		return fmt.Errorf("options§: %d retries", o.Retries)
	}
	for key, value := range o.Labels {
		if key == "" || len(value) > 256 {
			return fmt.Errorf("options§: label %q", key)
		}
	}
	return nil
}
`,
  `
// Watch§ tells of every price until the stream ends.
func (c *Client) Watch§(ids []string, tell func(int64)) error {
	stream, err := c.prices.WatchPrices(context.Background(), &marketv1.WatchPricesRequest{ListingIds: ids})
	if err != nil {
		return err
	}
	for {
		price, err := stream.Recv()
		if err != nil {
			return err
		}
		tell(price.GetPriceCents() + §)
	}
}
`,
  `
func describe§(listing *marketv1.Listing) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s (%d.%02d)", listing.GetTitle(), listing.GetPriceCents()/100, listing.GetPriceCents()%100)
	if listing.GetListingId() == "" {
		out.WriteString(" [new]")
	} else {
		out.WriteString(" [" + listing.GetListingId() + "]")
	}
	return out.String()
}
`,
];

/**
 * A workspace of `count` files in all languages: a third calls RPCs, the rest is other code of the same
 * languages, as long and as deep.
 */
export async function mixedWorkspace(count: number): Promise<Source[]> {
  const sources = await annotatedSources();
  const protos = sources.filter(({ path }) => path.endsWith('.proto'));
  const calling = sources.filter(({ path }) => !path.endsWith('.proto'));
  const others = calling.map(({ path, text }) => ({ path, text: withoutGrpc(text) }));
  const files = protos.map(({ path, text }) => ({ path: join('protos', basename(path)), text }));
  for (let at = 0; files.length < count; at += 1) {
    const from = at % 3 === 0 ? calling : others;
    const { path, text } = from[Math.floor(at / 3) % from.length] ?? { path: '', text: '' };
    const name = `${basename(path, extname(path))}_${at}${extname(path)}`;
    files.push({ path: join('packages', `package${at % 50}`, `part${at % 7}`, name), text });
  }
  return files;
}

export async function writeFiles(folder: string, files: readonly Source[]): Promise<void> {
  for (const { path, text } of files) {
    const to = join(folder, path);
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, text);
  }
}

/** Code that looks the same and has nothing to do with gRPC: a shop's own records. */
function withoutGrpc(text: string): string {
  return text
    .replace(/grpc|tonic|connectrpc|bufbuild|proto\w*|_pb2?\b|pb\b|stub|client|channel/gi, 'store')
    .replace(/methodConfig|loadBalancing\w*/g, 'settings')
    .replace(/(Listing|Price)Service/g, '$1Records');
}
